package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
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
import org.jspecify.annotations.Nullable;

/** Calls about approvals; each is on the record, the refused ones too. */
public final class ApprovalCalls {
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
        return calls.perform(
                call,
                Action.REQUEST_APPROVAL,
                key,
                201,
                held -> Ask.parameters(HeldKey.node().put("for", Fields.text(wanted.operation(), "operation"))),
                outcome -> {
                    String operation = Fields.text(wanted.operation(), "operation");
                    if (KeyOperation.named(operation)
                            .filter(KeyOperation::changesState)
                            .isEmpty()) {
                        throw new ProblemException(Problem.INVALID_INPUT, "operation: changes no key");
                    }
                    var obligations = calls.wouldBe(call, operation, outcome.key())
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
                            wanted.checkedParameters(),
                            quorum,
                            Duration.ofSeconds(obligations.path("validSeconds").asLong()));
                    outcome.draft().detail().put("approval", approval.id()).put("statement", approval.statement());
                    approvals.store(approval);
                    return approval;
                });
    }

    /** Takes an approver's signature. */
    public Answer<Approval> sign(Call call, String id, @Nullable String jws) throws ProblemException {
        @Nullable Approval[] about = new Approval[1];
        return calls.perform(
                call,
                Action.APPROVE,
                null,
                200,
                none -> {
                    about[0] = approvals.find(id);
                    return Ask.PLAIN.with(approvals.forApproving(about[0]));
                },
                outcome -> {
                    Approval approval = about[0];
                    ObjectNode detail = outcome.draft().detail().put("approval", id);
                    if (approval == null || jws == null) {
                        throw new ProblemException(Problem.INVALID_INPUT, "jws: is missing");
                    }
                    detail.put("statement", approval.statement());
                    Approval.Given given = approvals.check(approval, jws);
                    detail.put("approver", given.approver()).put("thumbprint", given.thumbprint());
                    detail.putArray("jws").add(jws);
                    approvals.sign(approval, given);
                    return approvals.find(id);
                });
    }

    public Answer<Approval> read(Call call, String id) throws ProblemException {
        return calls.perform(
                call,
                Action.of(KeyOperation.LIST_KEYS).as(Kind.APPROVAL),
                null,
                200,
                none -> Ask.PLAIN,
                outcome -> approvals.find(id));
    }

    public Answer<List<Approval>> list(Call call) throws ProblemException {
        return calls.perform(
                call,
                Action.of(KeyOperation.LIST_KEYS).as(Kind.APPROVAL),
                null,
                200,
                none -> Ask.PLAIN,
                outcome -> approvals.latest());
    }
}
