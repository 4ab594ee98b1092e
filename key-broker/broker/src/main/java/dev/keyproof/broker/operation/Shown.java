package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The approval that a call about no key shows, if it shows one: verified when policy is asked, used up by the effect. */
final class Shown {
    private final Approvals approvals;
    private final @Nullable String approval;
    private @Nullable Evidence evidence;

    /** @param approval its id */
    Shown(Approvals approvals, @Nullable String approval) {
        this.approvals = approvals;
        this.approval = approval;
    }

    /** The same question, with the approval of this action with these parameters. */
    Ask with(Ask ask, Action action, ObjectNode parameters) throws ProblemException {
        if (approval == null) {
            return ask;
        }
        Evidence found = approvals.evidence(approval, action.name(), "", parameters);
        evidence = found;
        return ask.with(found.forPolicy());
    }

    /** What was verified; null where none is shown. */
    @Nullable Evidence evidence() {
        return evidence;
    }

    /** For what is done by a quorum or not at all, whatever policy says. */
    Evidence required() throws ProblemException {
        if (evidence == null) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "an approval is needed");
        }
        return evidence;
    }
}
