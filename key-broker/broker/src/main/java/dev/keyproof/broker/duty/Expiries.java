package dev.keyproof.broker.duty;

import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;

/**
 * Puts the end of approvals on the record that nobody used in their time, so that a quorum that never came is counted like one that
 * came late. A broker that dies between record and note records it twice. Run by one thread.
 */
public final class Expiries {
    private final Approvals approvals;
    private final Recorder recorder;

    public Expiries(Approvals approvals, Recorder recorder) {
        this.approvals = approvals;
        this.recorder = recorder;
    }

    /** Records what has ended. */
    public void perform() throws ProblemException {
        for (Approval approval : approvals.ended()) {
            Draft draft = Draft.own(Action.EXPIRE_APPROVAL).message("An approval expired unused.");
            draft.detail()
                    .put("approval", approval.id())
                    .put("statement", approval.statement())
                    .put("quorum", approval.quorum())
                    .put("approvers", approval.standing().size());
            approvals.waited(approval).describe(draft.detail());
            recorder.append(draft);
            approvals.end(approval);
        }
    }
}
