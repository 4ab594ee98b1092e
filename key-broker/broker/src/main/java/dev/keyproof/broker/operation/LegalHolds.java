package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Legal holds, placed and released by a quorum. The broker decides and records; what is held follows from these records in the evidence
 * service, which checks the signatures again.
 */
public final class LegalHolds {
    private final Calls calls;
    private final Changes changes;
    private final KeyStore store;
    private final Approvals approvals;

    public LegalHolds(Calls calls, Changes changes, KeyStore store, Approvals approvals) {
        this.calls = calls;
        this.changes = changes;
        this.store = store;
        this.approvals = approvals;
    }

    /**
     * What is to be held.
     *
     * @param hold its name; what is held by that name already stays held besides
     * @param fromYear the first year of sealing whose log is kept whole
     * @param toYear the last one
     * @param reason such as the matter's reference
     */
    public record Wanted(
            @Nullable String hold,
            @Nullable Integer fromYear,
            @Nullable Integer toYear,
            @Nullable String reason) {
        private ObjectNode parameters() throws ProblemException {
            ObjectNode parameters = HeldKey.node().put("hold", name(hold));
            int from = year(fromYear, "fromYear");
            int to = year(toYear, "toYear");
            if (from > to) {
                throw Fields.invalid("toYear: is not before fromYear");
            }
            return parameters.put("fromYear", from).put("toYear", to).put("reason", Fields.text(reason, "reason"));
        }

        private static int year(@Nullable Integer year, String field) throws ProblemException {
            if (year == null || year < 1970 || year > 9999) {
                throw Fields.invalid(field + ": is a year of four digits");
            }
            return year;
        }
    }

    /** Places a hold, or lets one cover more years, with the approval that policy asks for. */
    public Answer<ObjectNode> place(Call call, Wanted wanted, @Nullable String approval) throws ProblemException {
        return perform(call, Action.PLACE_LEGAL_HOLD, 201, wanted::parameters, approval);
    }

    /** Releases all that is held by a name, with the approval that policy asks for. */
    public Answer<ObjectNode> release(Call call, String hold, @Nullable String reason, @Nullable String approval)
            throws ProblemException {
        return perform(
                call,
                Action.RELEASE_LEGAL_HOLD,
                200,
                () -> HeldKey.node().put("hold", name(hold)).put("reason", Fields.text(reason, "reason")),
                approval);
    }

    private Answer<ObjectNode> perform(
            Call call, Action action, int success, Changes.Parameters parameters, @Nullable String approval)
            throws ProblemException {
        Shown shown = new Shown(approvals, approval);
        ObjectNode asked = HeldKey.node();
        return calls.perform(
                call,
                action,
                null,
                success,
                none -> {
                    asked.setAll(parameters.read());
                    return shown.with(Ask.parameters(asked), action, asked);
                },
                outcome -> record(call, action, asked, shown.required(), outcome));
    }

    private ObjectNode record(Call call, Action action, ObjectNode asked, Evidence evidence, Outcome outcome)
            throws ProblemException {
        Resource about = new Resource(asked.path("hold").asText(), null, "legal-hold", null, null, null, null);
        ObjectNode detail = outcome.draft().on(about).detail();
        detail.setAll(asked);
        detail.setAll(evidence.forRecord());
        Intent intent = changes.intend(call, action, outcome, about, detail.deepCopy());
        store.effect(intent, using -> approvals.use(evidence, using));
        return asked;
    }

    private static String name(@Nullable String hold) throws ProblemException {
        if (hold == null || !hold.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw Fields.invalid("hold: is a name of 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or a digit");
        }
        return hold;
    }
}
