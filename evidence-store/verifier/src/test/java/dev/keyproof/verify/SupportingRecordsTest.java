package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingEnrolments;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRanges;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a range of entries needs of those before and after it stands beside it, and is no part of it. */
final class SupportingRecordsTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final int SIZE = 12;

    private List<byte[]> entries = List.of();

    /** Carol is enrolled at entry 0 and erin at 5, who approves a destruction at 8; a head over all is the last entry. */
    @BeforeEach
    void seal() throws Exception {
        KeyPair erin = TestingAuthority.keyPair();
        entries = TESTING.entries(SIZE);
        entries.set(2, bytes(TESTING.operation(2)));
        entries.set(5, bytes(TestingEnrolments.ofErin(TESTING, 5, erin, "")));
        String approval = TestingPack.approval("erin", erin, TestingPack.STATEMENT);
        entries.set(8, bytes(TESTING.approved(8, "K1", TestingPack.STATEMENT, approval)));
    }

    @Test
    void anApproverEnrolledBeforeTheRangeIsEnrolledInThePack() {
        Summary summary = Verifying.proven(range(6, OptionalLong.empty(), List.of(0, 5)), TESTING.trust());

        assertThat(summary.entries()).isEqualTo(6);
        assertThat(summary.supporting()).isEqualTo(2);
        assertThat(summary.approvals()).isEqualTo(2);
        assertThat(summary.decisions()).isEqualTo(5);
        assertThat(Verifying.broken(range(6, OptionalLong.empty(), List.of()), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the approver erin is not enrolled in the pack");
    }

    @Test
    void aHeadBeyondTheRangeCoversWhatIsInIt() {
        OptionalLong to = OptionalLong.of(9);

        Summary covered = Verifying.proven(range(6, to, List.of(0, 5, 11)), TESTING.trust());
        Summary not = Verifying.proven(range(6, to, List.of(0, 5)), TESTING.trust());

        assertThat(covered.approvals()).isEqualTo(2);
        assertThat(covered.notes()).noneMatch(note -> note.contains("no signed head"));
        assertThat(not.approvals()).isZero();
        assertThat(not.notes()).anyMatch(note -> note.contains("that no signed head in the pack covers: 5"));
    }

    @Test
    void whatTheRangeHoldsDoesNotStandBesideIt() {
        assertThat(Verifying.broken(range(5, OptionalLong.empty(), List.of(0, 5)), TESTING.trust()))
                .isEqualTo("records.ndjson, line 2: entry 5 stands in the range as well");
    }

    @Test
    void noResultComesOfIt() {
        assertThat(Verifying.broken(range(6, OptionalLong.empty(), List.of(1)), TESTING.trust()))
                .isEqualTo("records.ndjson, line 1: entry 1 is of no kind that a range of entries needs");
    }

    private byte[] range(int from, OptionalLong to, List<Integer> places) {
        return TestingRanges.pack(TESTING, entries, from, to, places, files -> {});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
