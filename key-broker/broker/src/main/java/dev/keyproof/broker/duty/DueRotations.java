package dev.keyproof.broker.duty;

import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.operation.ApprovalCalls;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.Rotations;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.KeyOperation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rotations whose time has come. Where policy asks for approval, it is asked for once, and the rotation waits for its quorum. */
public final class DueRotations {
    private static final String OPERATION = KeyOperation.ROTATE_KEY.canonicalName();
    /** What the record names in place of a change of the organisation's own process: the key's own terms. */
    private static final String CHANGE = "scheduled-rotation";

    private final Calls calls;
    private final LeasedKeys keys;
    private final Rotations rotations;
    private final Approvals approvals;
    private final ApprovalCalls approvalCalls;

    public DueRotations(
            Calls calls, LeasedKeys keys, Rotations rotations, Approvals approvals, ApprovalCalls approvalCalls) {
        this.calls = calls;
        this.keys = keys;
        this.rotations = rotations;
        this.approvals = approvals;
        this.approvalCalls = approvalCalls;
    }

    /** What the broker has asked for and may still use, by key. */
    Map<String, Approvals.Open> asked() throws ProblemException {
        return approvals.open(Caller.BROKER.id(), OPERATION);
    }

    /** Rotates, or asks for the approval of it. */
    void rotate(Call call, String id, Approvals.@Nullable Open asked, String why) throws ProblemException {
        if (asked == null
                && calls.wouldBe(call, OPERATION, keys.get(id), Ask.PLAIN)
                                .decision()
                                .quorum()
                        > 0) {
            approvalCalls.request(call, new ApprovalCalls.Wanted(OPERATION, id, CHANGE, null));
        } else {
            rotations.rotate(call, id, new Change(asked == null ? null : asked.id(), why));
        }
    }
}
