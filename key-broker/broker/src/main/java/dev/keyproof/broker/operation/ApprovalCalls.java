package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.Signed;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls about approvals; each is on the record, the refused ones too. */
public final class ApprovalCalls {
    /** What changes no key and may need approval all the same. */
    private static final Set<String> KEYLESS = Set.of(
            Action.SET_KILL_SWITCH.name(),
            Action.ENROL_APPROVER.name(),
            Action.REVOKE_APPROVER.name(),
            Action.EXPORT_BACKUP.name(),
            Action.PLACE_LEGAL_HOLD.name(),
            Action.RELEASE_LEGAL_HOLD.name());

    private final Calls calls;
    private final Changes changes;
    private final KeyStore store;
    private final Approvals approvals;

    public ApprovalCalls(Calls calls, Changes changes, KeyStore store, Approvals approvals) {
        this.calls = calls;
        this.changes = changes;
        this.store = store;
        this.approvals = approvals;
    }

    /**
     * A request for approval.
     *
     * @param operation canonical name of the operation to be approved, such as {@code DestroyKey}
     * @param change id of the change in the organisation's own process
     * @param parameters what the operation will be asked with, such as {@code days}; approvers sign their digest
     */
    public record Wanted(
            @Nullable String operation,
            @Nullable String key,
            @Nullable String change,
            @Nullable Map<String, Object> parameters) {
        /** The parameters, which are few and simple: texts, whole numbers, truth values. */
        ObjectNode checkedParameters() throws ProblemException {
            ObjectNode checked = HeldKey.node();
            for (Map.Entry<String, Object> one :
                    (parameters == null ? Map.<String, Object>of() : parameters).entrySet()) {
                if (one.getKey().length() > 64) {
                    throw Fields.invalid("parameters: have names of at most 64 characters");
                }
                switch (one.getValue()) {
                    case Integer number -> checked.put(one.getKey(), number);
                    case Boolean truth -> checked.put(one.getKey(), truth);
                    case String text when text.length() <= 128 -> checked.put(one.getKey(), text);
                    case null, default ->
                        throw Fields.invalid(
                                "parameters: are texts of at most 128 characters, whole numbers or truth values");
                }
            }
            if (checked.size() > 8) {
                throw Fields.invalid("parameters: are more than 8");
            }
            return checked;
        }
    }

    public Answer<Approval> request(Call call, Wanted wanted) throws ProblemException {
        return request(call, wanted, () -> {
            if (Action.ENROL_APPROVER.name().equals(wanted.operation())) {
                throw new ProblemException(
                        Problem.INVALID_INPUT, "operation: POST /v1/approvers asks for an enrolment");
            }
            return new Asked(wanted.checkedParameters(), null);
        });
    }

    /**
     * What is asked for with an operation.
     *
     * @param enrolment the document of who is to be enrolled
     */
    record Asked(ObjectNode parameters, @Nullable String enrolment) {}

    /** Reads what is asked for, or refuses it. */
    @FunctionalInterface
    interface Asking {
        Asked read() throws ProblemException;
    }

    Answer<Approval> request(Call call, Wanted wanted, Asking asking) throws ProblemException {
        String key = wanted.key() == null ? "" : wanted.key();
        boolean keyless = KEYLESS.contains(String.valueOf(wanted.operation())) && key.isEmpty();
        return calls.perform(
                call,
                Action.REQUEST_APPROVAL,
                keyless ? null : key,
                201,
                held -> {
                    ObjectNode asked = HeldKey.node().put("for", Fields.text(wanted.operation(), "operation"));
                    Object about = wanted.parameters() == null
                            ? null
                            : wanted.parameters().get("approver");
                    if (about instanceof String approver) {
                        asked.put("approver", Fields.text(approver, "approver"));
                    }
                    return Ask.parameters(asked);
                },
                outcome -> {
                    String operation = Fields.text(wanted.operation(), "operation");
                    if (!keyless
                            && KeyOperation.named(operation)
                                    .filter(ApprovalCalls::isApproved)
                                    .isEmpty()) {
                        throw new ProblemException(
                                Problem.INVALID_INPUT, "operation: is none that is done by approval");
                    }
                    Asked asked = asking.read();
                    Approval approval = draft(call, wanted, asked, operation, keyless, outcome);
                    ObjectNode detail =
                            HeldKey.node().put("approval", approval.id()).put("statement", approval.statement());
                    outcome.draft().detail().setAll(detail);
                    bring(
                            call,
                            Action.REQUEST_APPROVAL,
                            approval.id(),
                            detail,
                            outcome,
                            () -> approvals.store(approval));
                    return approval;
                });
    }

    /** Whether the broker takes approvals for it. */
    private static boolean isApproved(KeyOperation operation) {
        return operation.changesState() || operation == KeyOperation.DECRYPT;
    }

    private Approval draft(Call call, Wanted wanted, Asked asked, String operation, boolean keyless, Outcome outcome)
            throws ProblemException {
        var obligations = calls.wouldBe(
                        call, operation, keyless ? null : outcome.key(), Ask.parameters(asked.parameters()))
                .decision()
                .result()
                .path("obligations")
                .path("approvals");
        int quorum = obligations.path("quorum").asInt(0);
        if (quorum < 1) {
            throw new ProblemException(Problem.INVALID_INPUT, "operation: needs no approval");
        }
        return approvals.draft(
                call.caller().id(),
                operation,
                wanted.key() == null ? "" : wanted.key(),
                Fields.text(wanted.change(), "change"),
                asked.parameters(),
                asked.enrolment(),
                quorum,
                obligations.path("of").asText(),
                Duration.ofSeconds(obligations.path("validSeconds").asLong()));
    }

    /** What a step changes in the database. */
    @FunctionalInterface
    private interface Effect {
        void bring() throws ProblemException;
    }

    /** Intent on the record first, then the effect, which notes it. */
    private void bring(Call call, Action action, String approval, ObjectNode detail, Outcome outcome, Effect effect)
            throws ProblemException {
        Resource about = new Resource(approval, null, "approval", null, null, null, null);
        Intent intent = changes.intend(call, action, outcome, about, detail);
        store.effect(intent, using -> effect.bring());
    }

    /** Takes an approver's signature. */
    public Answer<Approval> sign(Call call, String id, @Nullable Signed signed) throws ProblemException {
        return on(call, Action.APPROVE, id, (outcome, approval) -> {
            if (signed == null) {
                throw new ProblemException(Problem.INVALID_INPUT, "jws or webauthn: one of them is needed");
            }
            ObjectNode detail = outcome.draft().detail();
            detail.put("statement", approval.statement());
            Approvals.Checked checked =
                    approvals.check(approval, signed, call.caller().id());
            Approval.Given given = checked.given();
            detail.put("approver", given.approver()).put("thumbprint", given.thumbprint());
            Approvals.forRecord(given, detail.putArray("jws"), detail.putArray("webauthn"));
            bring(call, Action.APPROVE, id, detail.deepCopy(), outcome, () -> approvals.sign(approval, checked));
        });
    }

    /** Takes the caller's own signature back. */
    public Answer<Approval> withdraw(Call call, String id) throws ProblemException {
        return on(call, Action.WITHDRAW_APPROVAL, id, (outcome, approval) -> {
            ObjectNode detail = outcome.draft().detail();
            Approval.Given own = approvals.ofCaller(approval, call.caller().id());
            detail.put("approver", own.approver());
            bring(
                    call,
                    Action.WITHDRAW_APPROVAL,
                    id,
                    detail.deepCopy(),
                    outcome,
                    () -> approvals.withdraw(approval, own));
        });
    }

    /** Something that is done with a request. */
    @FunctionalInterface
    private interface Step {
        void take(Outcome outcome, Approval approval) throws ProblemException;
    }

    private Answer<Approval> on(Call call, Action action, String id, Step step) throws ProblemException {
        @Nullable Approval[] about = new Approval[1];
        return calls.perform(
                call,
                action,
                null,
                200,
                none -> {
                    about[0] = approvals.find(id);
                    return Ask.PLAIN.with(approvals.forApproving(about[0]));
                },
                outcome -> {
                    outcome.draft().detail().put("approval", id);
                    step.take(outcome, Objects.requireNonNull(about[0]));
                    return approvals.find(id);
                });
    }

    /** Whose signatures count. */
    public Answer<List<Approver>> approvers(Call call) throws ProblemException {
        return look(call, () -> List.copyOf(approvals.approvers().approvers().all()));
    }

    public Answer<Approval> read(Call call, String id) throws ProblemException {
        return look(call, () -> approvals.find(id));
    }

    public Answer<List<Approval>> list(Call call) throws ProblemException {
        return look(call, approvals::latest);
    }

    /** Something that is read. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws ProblemException;
    }

    private <T> Answer<T> look(Call call, Reading<T> reading) throws ProblemException {
        return calls.perform(
                call,
                Action.of(KeyOperation.LIST_KEYS).as(Kind.APPROVAL),
                null,
                200,
                none -> Ask.PLAIN,
                outcome -> reading.read());
    }
}
