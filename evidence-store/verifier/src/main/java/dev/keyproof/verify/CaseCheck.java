package dev.keyproof.verify;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import java.util.HashMap;
import java.util.Map;

/** Holds the single records of a pack of a case against the steps among them: all that these attach is here, as it was attached. Used by one thread. */
final class CaseCheck {
    private final ScopedRecords scoped;
    private final CaseFile steps = new CaseFile();
    private final Map<String, Hash> here = new HashMap<>();
    private final TreeHasher hasher = new TreeHasher();

    CaseCheck(ScopedRecords scoped) {
        this.scoped = scoped;
    }

    /** Takes the next record. */
    void record(Entry entry, String place) throws BrokenPackException {
        here.put(at(entry.log(), entry.index()), hasher.leaf(entry.bytes()));
        CaseStep step = scoped.step(entry).orElse(null);
        if (step == null) {
            return;
        }
        boolean next = steps.isNext(step);
        steps.add(entry, step);
        if (!next) {
            throw refused(
                    Reason.CASE_STEP_MISSING,
                    place,
                    "entry " + entry.index() + " does not follow the step of the case that stands before it");
        }
    }

    /** Is told that there are no more. */
    void end(Faults faults) throws BrokenPackException {
        if (steps.isEmpty()) {
            faults.report(Fault.of(Reason.CASE_STEP_MISSING, SingleRecords.NAME, "holds no step of the case"));
        }
        for (CaseStep.Attached attached : steps.records().keySet()) {
            String log = "log/" + attached.year();
            String place = "entry " + attached.index() + " of " + log;
            Hash leaf = here.get(at(log, attached.index()));
            if (leaf == null) {
                faults.report(Fault.at(
                        Reason.CASE_RECORD_MISSING, SingleRecords.NAME, place, "is attached to the case and not here"));
            } else if (!leaf.equals(attached.leaf())) {
                faults.report(Fault.at(
                        Reason.CASE_RECORD_OTHER,
                        SingleRecords.NAME,
                        place,
                        "is another than was attached to the case"));
            }
        }
    }

    /** What is true of the case and limits the verdict. */
    String note() {
        return steps.isClosed()
                ? "The case was closed: its " + steps.steps().size()
                        + " steps are all here, and whatever they attach. What its notes say is not."
                : "The first " + steps.steps().size()
                        + " steps of the case are here, and whatever they attach: nothing proves that no other step"
                        + " followed. What its notes say is not here.";
    }

    private static String at(String log, long index) {
        return log + "/" + index;
    }

    private static BrokenPackException refused(Reason reason, String place, String sentence) {
        return BrokenPackException.at(reason, SingleRecords.NAME, place, sentence);
    }
}
