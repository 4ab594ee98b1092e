package dev.keyproof.verify.samples;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.testing.TestingCases;
import dev.keyproof.verify.testing.TestingRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Packs of a case that hold less or more than its steps attach, and of an operation. The log: 8 entries, then the steps from 8 on. */
final class CaseSamples {
    private final Samples samples;

    CaseSamples(Samples samples) {
        this.samples = samples;
    }

    List<Sample> all() {
        return List.of(ofAnotherOperation(), ofNoCase(), stepLeftOut(), recordLeftOut(), recordOfAnotherLeaf());
    }

    private Sample ofAnotherOperation() {
        return samples.of(
                Reason.SCOPE_OPERATION,
                TestingRecords.of(
                        samples.testing,
                        samples.testing.entries(8),
                        new Scope.Subject(Scope.Subject.Kind.OPERATION, "Sign"),
                        List.of(1, 3, 7)),
                "records.ndjson, line 1: entry 1 is not of the operation that the scope names, nor needed by one that is");
    }

    private Sample ofNoCase() {
        return samples.of(
                Reason.SCOPE_CASE,
                of(entries(), List.of(1, 3, 4, 7, 8, 9, 10, 11)),
                "records.ndjson, line 3: entry 4 is not of the case that the scope names, nor needed by one that is");
    }

    private Sample stepLeftOut() {
        return samples.of(
                Reason.CASE_STEP_MISSING,
                of(entries(), List.of(1, 3, 7, 8, 9, 11)),
                "records.ndjson, line 6: entry 11 does not follow the step of the case that stands before it");
    }

    private Sample recordLeftOut() {
        return samples.of(
                Reason.CASE_RECORD_MISSING,
                of(entries(), List.of(3, 7, 8, 9, 10, 11)),
                "records.ndjson, entry 1 of log/2026: is attached to the case and not here");
    }

    private Sample recordOfAnotherLeaf() {
        List<byte[]> entries = entries();
        TestingCases.step(
                entries, Optional.of(11), new CaseStep.Added(new CaseStep.Attached(2026, 5, Hash.of(new byte[32]))));
        return samples.of(
                Reason.CASE_RECORD_OTHER,
                of(entries, List.of(1, 3, 5, 7, 8, 9, 10, 11, 12)),
                "records.ndjson, entry 5 of log/2026: is another than was attached to the case");
    }

    private byte[] of(List<byte[]> entries, List<Integer> places) {
        return TestingRecords.of(samples.testing, entries, TestingCases.SUBJECT, places);
    }

    /** A case with the entries 1 and 3, and a note between them. */
    private List<byte[]> entries() {
        List<byte[]> entries = new ArrayList<>(samples.testing.entries(8));
        TestingCases.step(entries, Optional.empty(), new CaseStep.Opened());
        TestingCases.step(entries, Optional.of(8), new CaseStep.Added(TestingCases.attached(entries, 1)));
        TestingCases.step(entries, Optional.of(9), new CaseStep.Noted("sha256:" + "0".repeat(64)));
        TestingCases.step(entries, Optional.of(10), new CaseStep.Added(TestingCases.attached(entries, 3)));
        return entries;
    }
}
