package dev.keyproof.evidence.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.evidence.seal.Supports.Place;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingEnrolments;
import dev.keyproof.verify.testing.TestingPack;
import java.security.KeyPair;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SupportsTest {
    private static final TestingPack TESTING = new TestingPack();

    private final Supports supports = new Supports();

    /** Carol, erin by her, an order that carol approved, and frank by erin a year later; heads cover all but the last. */
    @BeforeEach
    void seal() throws Exception {
        KeyPair erin = TestingAuthority.keyPair();
        String frank = TestingEnrolments.approved(
                TESTING,
                4,
                "A4",
                "frank",
                TestingAuthority.keyPair(),
                "",
                statement -> TestingPack.approval("erin", erin, statement));
        supports.sealed(
                2025,
                0,
                bytes(
                        TestingPack.enrolment(0, "carol", TESTING.carol()),
                        TestingEnrolments.ofErin(TESTING, 1, erin, ""),
                        TESTING.ordered(),
                        TESTING.operation(3),
                        TestingPack.attestation(0, 2),
                        TestingPack.attestation(2, 4)));
        supports.sealed(2026, 7, bytes(frank));
    }

    @Test
    void anApproverComesWithWhoeverApprovedTheEnrolment() {
        assertThat(supports.of(List.of("carol"), List.of())).containsExactly(new Place(2025, 0), new Place(2025, 4));
        assertThat(supports.of(List.of("frank"), List.of()))
                .containsExactly(new Place(2025, 0), new Place(2025, 1), new Place(2025, 4), new Place(2026, 7));
    }

    @Test
    void anOrderComesWithItsApprovers() {
        assertThat(supports.of(List.of(), List.of("A1")))
                .containsExactly(new Place(2025, 0), new Place(2025, 2), new Place(2025, 4), new Place(2025, 5));
    }

    @Test
    void nobodyIsEnrolledWhoWasNot() {
        assertThat(supports.of(List.of("grace"), List.of("A9"))).isEmpty();
    }

    private static List<byte[]> bytes(String... entries) {
        return Stream.of(entries).map(entry -> entry.getBytes(UTF_8)).toList();
    }
}
