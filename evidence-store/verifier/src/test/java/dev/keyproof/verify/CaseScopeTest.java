package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingCases;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pack of a case holds what its sealed steps attach, all of it and nothing else. */
final class CaseScopeTest {
    private static final TestingPack TESTING = new TestingPack();

    /** Entry 2 is a destruction by an approver whom entry 0 enrols; entry 7 is the head over both. */
    private final List<byte[]> entries = new ArrayList<>(TESTING.entries(8));

    CaseScopeTest() {
        TestingCases.step(entries, Optional.empty(), new CaseStep.Opened());
        TestingCases.step(entries, Optional.of(8), new CaseStep.Added(TestingCases.attached(entries, 2)));
        TestingCases.step(entries, Optional.of(9), new CaseStep.Noted("sha256:" + "0".repeat(64)));
    }

    @Test
    void aCaseIsProvenWithWhatItsRecordsNeed() {
        Summary summary = Verifying.proven(of(List.of(0, 2, 7, 8, 9, 10)), TESTING.trust());

        assertThat(summary.entries()).isEqualTo(4);
        assertThat(summary.supporting()).isEqualTo(2);
        assertThat(summary.approvals()).isEqualTo(1);
        assertThat(summary.notes())
                .contains(
                        "The first 3 steps of the case are here, and whatever they attach: nothing proves that no other step"
                                + " followed. What its notes say is not here.");
    }

    @Test
    void aClosedCaseIsWhole() {
        TestingCases.step(entries, Optional.of(10), new CaseStep.Closed());

        assertThat(Verifying.proven(of(List.of(0, 2, 7, 8, 9, 10, 11)), TESTING.trust())
                        .notes())
                .contains(
                        "The case was closed: its 4 steps are all here, and whatever they attach. What its notes say is"
                                + " not.");
        TestingCases.step(entries, Optional.of(11), new CaseStep.Noted("sha256:" + "1".repeat(64)));
        assertThat(Verifying.broken(of(List.of(0, 2, 7, 8, 9, 10, 11, 12)), TESTING.trust()))
                .isEqualTo(
                        "records.ndjson, line 8: entry 12 does not follow the step of the case that stands before it");
    }

    @Test
    void aCaseBeginsWithItsOpening() {
        assertThat(Verifying.broken(of(List.of(0, 2, 7, 9, 10)), TESTING.trust()))
                .isEqualTo(
                        "records.ndjson, line 4: entry 9 does not follow the step of the case that stands before it");
        assertThat(Verifying.broken(of(List.of()), TESTING.trust()))
                .isEqualTo("records.ndjson: holds no step of the case");
    }

    @Test
    void whoElseSaysThatItIsAStepIsNotBelieved() {
        String step = new String(entries.get(10), StandardCharsets.UTF_8);
        for (String other : List.of(
                step.replace("evidence-service", "broker"),
                step.replace("LogCase", "Sign"),
                step.replace(CaseStep.UID_PREFIX, "e-"),
                step.replace("\"step\":\"noted\"", "\"step\":\"noted\",\"more\":1"),
                step.replace("\"step\":\"noted\"", "\"step\":\"thought\""))) {
            entries.set(10, other.getBytes(StandardCharsets.UTF_8));
            assertThat(other).isNotEqualTo(step);

            assertThat(Verifying.broken(of(List.of(0, 2, 7, 8, 9, 10)), TESTING.trust()))
                    .startsWith("records.ndjson, line 6: entry 10 is not of the case");
        }
    }

    @Test
    void theRecordsOfAnOperationAreProven() {
        byte[] pack = TestingRecords.of(
                TESTING, entries, new Scope.Subject(Scope.Subject.Kind.OPERATION, "Sign"), List.of(3, 4, 5, 6, 7));

        assertThat(Verifying.proven(pack, TESTING.trust()).entries()).isEqualTo(4);
    }

    private byte[] of(List<Integer> places) {
        return TestingRecords.of(TESTING, entries, TestingCases.SUBJECT, places);
    }
}
