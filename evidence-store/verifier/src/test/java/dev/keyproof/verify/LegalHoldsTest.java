package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingHolds;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingYearEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is held follows from what is sealed; what nobody approved holds, and releases nothing. */
final class LegalHoldsTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final TestingHolds HOLDS = new TestingHolds(TESTING);
    private static final String PLACED = HOLDS.place(0, "P1", "matter-7", 2026, 2028);

    private TrustFile anchor = TESTING.trust();
    private PolicyBundle.Quorum quorum = new PolicyBundle.Quorum(1, "custodian");

    @Test
    void aHoldIsInForceUntilItIsReleased() {
        LegalHolds.State placed = state(PLACED, TestingPack.attestation(0, 1));
        assertThat(placed.holds())
                .containsExactly(new LegalHold("matter-7", 2026, 2028, "matter", "log/2026", 0, true));
        assertThat(placed.holds().getFirst().covers(2028)).isTrue();
        assertThat(placed.holds().getFirst().covers(2029)).isFalse();

        LegalHolds.State released = state(PLACED, HOLDS.release(1, "R1", "matter-7"), TestingPack.attestation(0, 2));
        assertThat(released.holds()).isEmpty();
        assertThat(released.flaws()).isEmpty();
    }

    @Test
    void aReleaseEndsWhatItNamesAndNothingLater() {
        assertThat(state(
                                PLACED,
                                HOLDS.place(1, "P2", "matter-8", 2026, 2026),
                                HOLDS.release(2, "R1", "matter-7"),
                                HOLDS.place(3, "P3", "matter-7", 2030, 2031),
                                TestingPack.attestation(0, 4))
                        .holds())
                .extracting(LegalHold::hold, LegalHold::fromYear)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("matter-8", 2026),
                        org.assertj.core.groups.Tuple.tuple("matter-7", 2030));
    }

    @Test
    void whatNoHeadCoversHoldsAndReleasesNothing() {
        assertThat(state(PLACED).holds()).singleElement().matches(hold -> !hold.approved());
        assertThat(state(PLACED, TestingPack.attestation(0, 1), HOLDS.release(1, "R1", "matter-7"))
                        .holds())
                .hasSize(1);
    }

    @Test
    void aHoldWhoseApprovalFailsIsAFlawAndHolds() {
        LegalHolds.State forged = state(PLACED.replace("\"reason\":\"matter\"", "\"reason\":\"other\""), head(1));
        assertThat(forged.holds()).singleElement().matches(hold -> !hold.approved());
        assertThat(forged.flaws())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw.reason()).isEqualTo("what was approved are other parameters"));

        LegalHolds.State unsigned = state(PLACED.replaceFirst("\"jws\":\\[[^]]*]", "\"jws\":[]"), head(1));
        assertThat(unsigned.holds()).hasSize(1);
        assertThat(unsigned.flaws()).hasSize(1);

        // Whatever it is that it holds.
        LegalHolds.State unreadable = state(PLACED.replace("\"parameters\":{", "\"others\":{"), head(1));
        assertThat(unreadable.holds()).singleElement().matches(hold -> hold.covers(1999) && hold.covers(2999));
    }

    @Test
    void aReleaseWhoseApprovalFailsReleasesNothing() {
        String release = HOLDS.release(1, "R1", "matter-7");
        for (String bad : List.of(
                release.replaceFirst("\"jws\":\\[[^]]*]", "\"jws\":[]"),
                HOLDS.release(1, "R1", "matter-8").replace("matter-8", "matter-7"),
                release.replace("\"time\":1700000000000", "\"time\":1800000000000"),
                release.replace("\"requester\":\"mallory\"", "\"requester\":\"carol\""),
                release.replace("\"quorum\":1", "\"quorum\":2"))) {
            LegalHolds.State state = state(PLACED, bad, head(2));

            assertThat(state.holds()).as(bad).hasSize(1);
            assertThat(state.flaws()).as(bad).singleElement().satisfies(flaw -> {
                assertThat(flaw.operation()).isEqualTo("ReleaseLegalHold");
                assertThat(flaw.index()).isEqualTo(1);
            });
        }
    }

    @Test
    void anApprovalReleasesOnce() {
        LegalHolds.State state = state(
                PLACED,
                HOLDS.release(1, "R1", "matter-7"),
                HOLDS.place(2, "P2", "matter-7", 2026, 2028),
                HOLDS.release(3, "R1", "matter-7"),
                head(4));

        assertThat(state.holds()).hasSize(1);
        assertThat(state.flaws())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw.reason()).isEqualTo("its approval was used before"));
    }

    @Test
    void aBrokerThatAsksForLessThanPolicyReleasesNothing() {
        quorum = new PolicyBundle.Quorum(2, "custodian");

        LegalHolds.State state = state(PLACED, HOLDS.release(1, "R1", "matter-7"), head(2));

        assertThat(state.holds()).hasSize(1);
        assertThat(state.flaws()).hasSize(2);
    }

    @Test
    void aBrokerThatEnrolsWhomItLikesReleasesNothing() {
        anchor = TrustFile.ofApprovers(Map.of(), List.of());

        LegalHolds.State state = state(
                PLACED,
                HOLDS.release(1, "R1", "matter-7"),
                TestingPack.enrolment(2, "carol", TESTING.carol()),
                head(3));

        assertThat(state.holds()).hasSize(1);
        assertThat(state.flaws()).hasSize(2);
    }

    @Test
    void whatAYearsEndCarriesOverHoldsWithoutItsRecord() {
        LegalHold old = new LegalHold("matter-6", 2024, 2027, "matter", "log/2024", 7, true);
        String yearEnd = new TestingYearEnd("keyproof/log/test/2025").entry(9, old.json());

        assertThat(state(yearEnd).holds()).containsExactly(old);
        assertThat(state(yearEnd, HOLDS.release(0, "R1", "matter-6"), head(1)).holds())
                .isEmpty();
        // Only the log itself says so.
        assertThat(state(yearEnd.replace("evidence-service", "another")).holds())
                .isEmpty();
    }

    @Test
    void aPackCarriesWhatIsInForceAndAVerifierDerivesItAgain() {
        List<byte[]> entries = TESTING.entries(8);
        entries.set(3, bytes(HOLDS.place(3, "P1", "matter-7", 2026, 2028)));
        entries.set(4, bytes(HOLDS.place(4, "P2", "matter-8", 2026, 2026)));
        entries.set(5, bytes(HOLDS.release(5, "R1", "matter-8")));
        List<String> carried = new ArrayList<>();
        byte[] pack = TESTING.pack(
                entries,
                TESTING.signer,
                files -> carried.add(new String(
                        Optional.ofNullable(files.get(PackContents.HOLDS)).orElseThrow(), StandardCharsets.UTF_8)));

        assertThat(carried)
                .containsExactly("{\"holds\":[{\"approved\":true,\"fromYear\":2026,\"hold\":\"matter-7\","
                        + "\"index\":3,\"log\":\"log/2026\",\"reason\":\"matter\",\"toYear\":2028}],"
                        + "\"releases\":[{\"hold\":\"matter-8\",\"index\":5,\"log\":\"log/2026\"}]}");
        Verifying.proven(pack, TESTING.trust());
        assertThat(Verifying.broken(
                        TESTING.pack(entries, TESTING.signer, files -> files.remove(PackContents.HOLDS)),
                        TESTING.trust()))
                .isEqualTo("retention/holds.json: follows from the entries and is not there");
        assertThat(Verifying.broken(
                        TESTING.pack(
                                entries,
                                TESTING.signer,
                                files -> files.put(PackContents.HOLDS, bytes("{\"holds\":[]}"))),
                        TESTING.trust()))
                .isEqualTo("retention/holds.json, byte 10: is not what follows from the entries");
        assertThat(Verifying.broken(
                        TESTING.pack(
                                TESTING.entries(8),
                                TESTING.signer,
                                files -> files.put(PackContents.HOLDS, bytes("{\"holds\":[]}"))),
                        TESTING.trust()))
                .isEqualTo("retention/holds.json: no entry of the pack speaks of it");
    }

    private LegalHolds.State state(String... entries) {
        LegalHolds holds = new LegalHolds(
                anchor,
                data -> Optional.of(new PolicyBundle(
                        "",
                        data,
                        Map.of(),
                        Map.of("PlaceLegalHold", quorum, "ReleaseLegalHold", quorum),
                        Optional.empty(),
                        Map.of())));
        for (int i = 0; i < entries.length; i++) {
            holds.entry("log/2026", i, bytes(entries[i]));
        }
        return holds.state();
    }

    private static String head(long to) {
        return TestingPack.attestation(0, to);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
