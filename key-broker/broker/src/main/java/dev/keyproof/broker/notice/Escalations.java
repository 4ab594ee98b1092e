package dev.keyproof.broker.notice;

import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Outbox;
import dev.keyproof.broker.approval.QuorumClock;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;

/**
 * Asks the next people on call while a quorum is missing, and puts it on the record when it takes longer than policy says. Run by the
 * broker that has the duty; one that dies between record and note records it twice.
 */
public final class Escalations {
    private final Approvals approvals;
    private final Outbox outbox;
    private final OnCall onCall;
    private final Recorder recorder;
    private final Clock clock;

    public Escalations(Approvals approvals, Outbox outbox, OnCall onCall, Recorder recorder, Clock clock) {
        this.approvals = approvals;
        this.outbox = outbox;
        this.onCall = onCall;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Looks at every request that waits. */
    public void perform() throws ProblemException {
        Instant now = clock.instant();
        for (String id : approvals.open()) {
            Approval approval = approvals.find(id);
            QuorumClock waited = approvals.waited(approval);
            if (waited.reached().isEmpty()) {
                int level = onCall.level(approval, now);
                for (int next = 1; next <= level; next++) {
                    outbox.note(approval.id(), Outbox.What.ESCALATED, next);
                }
                if (!now.isBefore(approval.expires().minus(onCall.expiring()))) {
                    outbox.note(approval.id(), Outbox.What.EXPIRING, 0);
                }
            }
            Instant reached = waited.reached().orElse(now);
            if (reached.isAfter(approval.created().plus(onCall.target()))
                    && !outbox.noted(approval.id(), Outbox.What.OVERDUE)) {
                overdue(approval, waited);
            }
        }
    }

    private void overdue(Approval approval, QuorumClock waited) throws ProblemException {
        Draft draft = Draft.own(Action.APPROVAL_OVERDUE).message("A quorum takes longer than it may.");
        draft.detail()
                .put("approval", approval.id())
                .put("operation", approval.operation())
                .put("quorum", approval.quorum())
                .put("approvers", approval.standing().size())
                .put("targetMinutes", onCall.target().toMinutes());
        waited.describe(draft.detail());
        recorder.append(draft);
        outbox.note(approval.id(), Outbox.What.OVERDUE, 0);
    }
}
