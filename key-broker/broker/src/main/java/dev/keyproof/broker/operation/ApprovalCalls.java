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
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls about approvals; each is on the record, the refused ones too. */
public final class ApprovalCalls {
    /** What changes no key and may need approval all the same. */
    private static final Set<String> KEYLESS = Set.of(Action.SET_KILL_SWITCH.name());

    private final Calls calls;
    private final Approvals approvals;

    public ApprovalCalls(Calls calls, Approvals approvals) {
        this.calls = calls;
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
        String key = wanted.key() == null ? "" : wanted.key();
        boolean keyless = KEYLESS.contains(String.valueOf(wanted.operation())) && key.isEmpty();
        return calls.perform(
                call,
                Action.REQUEST_APPROVAL,
                keyless ? null : key,
                201,
                held -> Ask.parameters(HeldKey.node().put("for", Fields.text(wanted.operation(), "operation"))),
                outcome -> {
                    String operation = Fields.text(wanted.operation(), "operation");
                    if (!keyless
                            && KeyOperation.named(operation)
                                    .filter(KeyOperation::changesState)
                                    .isEmpty()) {
                        throw new ProblemException(Problem.INVALID_INPUT, "operation: changes no key");
                    }
                    ObjectNode parameters = wanted.checkedParameters();
                    var obligations = calls.wouldBe(
                                    call, operation, keyless ? null : outcome.key(), Ask.parameters(parameters))
                            .decision()
                            .result()
                            .path("obligations")
                            .path("approvals");
                    int quorum = obligations.path("quorum").asInt(0);
                    if (quorum < 1) {
                        throw new ProblemException(Problem.INVALID_INPUT, "operation: needs no approval");
                    }
                    Approval approval = approvals.draft(
                            call.caller().id(),
                            operation,
                            key,
                            Fields.text(wanted.change(), "change"),
                            parameters,
                            quorum,
                            Duration.ofSeconds(obligations.path("validSeconds").asLong()));
                    outcome.draft().detail().put("approval", approval.id()).put("statement", approval.statement());
                    approvals.store(approval);
                    return approval;
                });
    }

    /** Takes an approver's signature. */
    public Answer<Approval> sign(Call call, String id, @Nullable Signed signed) throws ProblemException {
        return on(call, Action.APPROVE, id, (outcome, approval) -> {
            if (signed == null) {
                throw new ProblemException(Problem.INVALID_INPUT, "jws or webauthn: one of them is needed");
            }
            ObjectNode detail = outcome.draft().detail();
            detail.put("statement", approval.statement());
            Approvals.Checked checked = approvals.check(approval, signed);
            Approval.Given given = checked.given();
            if (!given.approver().equals(call.caller().id())) {
                // Policy judged the roles and hats of who calls.
                throw new ProblemException(Problem.APPROVAL_INVALID, "the signature is another's than the caller's");
            }
            detail.put("approver", given.approver()).put("thumbprint", given.thumbprint());
            Approvals.forRecord(given, detail.putArray("jws"), detail.putArray("webauthn"));
            approvals.sign(approval, checked);
        });
    }

    /** Takes the caller's own signature back. */
    public Answer<Approval> withdraw(Call call, String id) throws ProblemException {
        return on(call, Action.WITHDRAW_APPROVAL, id, (outcome, approval) -> {
            outcome.draft().detail().put("approver", call.caller().id());
            approvals.withdraw(approval, call.caller().id());
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
        return look(call, () -> List.copyOf(approvals.approvers()));
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
