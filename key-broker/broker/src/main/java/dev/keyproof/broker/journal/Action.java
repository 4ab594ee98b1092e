package dev.keyproof.broker.journal;

import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import java.util.Set;

/** What a record is about: the name that policy and readers know, and how OCSF classes it. */
public record Action(String name, int activityId, String activityName, Kind kind) {
    public static final Action READ_INVENTORY = new Action("ReadInventory", 2, "Read", Kind.OPERATION);
    public static final Action READ_HEALTH = new Action("ReadHealth", 2, "Read", Kind.OPERATION);
    public static final Action READ_METRICS = new Action("ReadMetrics", 2, "Read", Kind.OPERATION);
    public static final Action READ_SLOS = new Action("ReadSlos", 2, "Read", Kind.OPERATION);
    public static final Action SET_KILL_SWITCH = new Action("SetKillSwitch", 3, "Update", Kind.OPERATION);
    public static final Action REQUEST_APPROVAL = new Action("RequestApproval", 1, "Create", Kind.APPROVAL);
    /** A call of a known caller that is none of ours, or that nobody could tell. */
    public static final Action UNKNOWN = new Action("UnknownCall", 99, "UnknownCall", Kind.SERVICE);

    public static final Action APPROVE = new Action("Approve", 99, "Approve", Kind.APPROVAL);
    /** An approver takes the own approval back. */
    public static final Action WITHDRAW_APPROVAL =
            new Action("WithdrawApproval", 99, "WithdrawApproval", Kind.APPROVAL);

    /** A quorum takes longer than policy says it may. */
    public static final Action APPROVAL_OVERDUE = new Action("ApprovalOverdue", 99, "ApprovalOverdue", Kind.APPROVAL);

    /** Nobody used an approval in its time. */
    public static final Action EXPIRE_APPROVAL = new Action("ExpireApproval", 99, "ExpireApproval", Kind.APPROVAL);

    /** Somebody becomes an approver, or one with another key or other roles; or is one no longer. */
    public static final Action ENROL_APPROVER = new Action("EnrolApprover", 99, "EnrolApprover", Kind.OPERATION);

    public static final Action REVOKE_APPROVER = new Action("RevokeApprover", 99, "RevokeApprover", Kind.OPERATION);

    /** Every wrapped key leaves the broker. */
    public static final Action EXPORT_BACKUP = new Action("ExportBackup", 99, "ExportBackup", Kind.OPERATION);

    /** Sealed evidence of some years is kept, whatever retention says; or is so no longer. */
    public static final Action PLACE_LEGAL_HOLD = new Action("PlaceLegalHold", 99, "PlaceLegalHold", Kind.OPERATION);

    public static final Action RELEASE_LEGAL_HOLD =
            new Action("ReleaseLegalHold", 99, "ReleaseLegalHold", Kind.OPERATION);

    private static final Set<String> APPROVALS =
            Set.of(REQUEST_APPROVAL.name(), APPROVE.name(), WITHDRAW_APPROVAL.name(), EXPIRE_APPROVAL.name());

    /** The action of an intent's outcome. */
    public static Action outcome(String name, int activityId, String activityName) {
        return new Action(name, activityId, activityName, APPROVALS.contains(name) ? Kind.APPROVAL : Kind.OPERATION);
    }

    public static Action of(KeyOperation operation) {
        return new Action(operation.canonicalName(), operation.activityId(), operation.activityName(), Kind.OPERATION);
    }

    /** Something that the broker did of itself. */
    public static Action service(String name) {
        return new Action(name, 99, name, Kind.SERVICE);
    }

    /** Whether it is a change of a key's state, by OCSF's activities Update and Delete. */
    public boolean changesKey() {
        return activityId == 3 || activityId == 4;
    }

    /** The same action as another kind of record. */
    public Action as(Kind other) {
        return new Action(name, activityId, activityName, other);
    }
}
