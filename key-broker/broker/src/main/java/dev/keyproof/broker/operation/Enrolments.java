package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.ApproverBook;
import dev.keyproof.broker.approval.BookEntry;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.approval.Registration;
import dev.keyproof.broker.approval.Registrations;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who may approve, changed by those who may: an approver's key is enrolled and revoked as a quorum of the others approved it. */
public final class Enrolments {
    private static final int MOST_ROLES = 8;

    private final Calls calls;
    private final Changes changes;
    private final ApprovalCalls requests;
    private final Approvals approvals;
    private final Registrations registrations;
    private final KeyStore store;
    private final ApproverBook book;

    public Enrolments(
            Calls calls,
            Changes changes,
            ApprovalCalls requests,
            Approvals approvals,
            Registrations registrations,
            KeyStore store,
            ApproverBook book) {
        this.calls = calls;
        this.changes = changes;
        this.requests = requests;
        this.approvals = approvals;
        this.registrations = registrations;
        this.store = store;
        this.book = book;
    }

    /**
     * An approver to be.
     *
     * @param approver id, the {@code kid} of the signatures
     * @param roles what policy is to know the approver as
     * @param jwk the public key, on P-256 or Ed25519; or else {@code webauthn}
     * @param webauthn a passkey as it was made on the page
     * @param change id of the change in the organisation's own process
     */
    public record Wanted(
            @Nullable String approver,
            @Nullable List<String> roles,
            @Nullable Map<String, Object> jwk,
            @Nullable Registration webauthn,
            @Nullable String change) {}

    /** Asks for the approval of an enrolment. */
    public Answer<Approval> request(Call call, Wanted wanted) throws ProblemException {
        Map<String, Object> about = new HashMap<>();
        about.put("approver", wanted.approver());
        return requests.request(
                call, new ApprovalCalls.Wanted(Action.ENROL_APPROVER.name(), null, wanted.change(), about), () -> {
                    Approver approver = approver(wanted);
                    requireFree(approver);
                    return new ApprovalCalls.Asked(approver.parameters(), approver.canonical());
                });
    }

    private Approver approver(Wanted wanted) throws ProblemException {
        String id = wanted.approver();
        if (id == null || !id.matches("[A-Za-z0-9@._:-]{1,128}")) {
            throw Fields.invalid("approver: is 1 to 128 of A-Z a-z 0-9 @ . _ : -");
        }
        List<String> roles = wanted.roles() == null ? List.of() : List.copyOf(new TreeSet<>(wanted.roles()));
        if (roles.isEmpty()
                || roles.size() > MOST_ROLES
                || !roles.stream().allMatch(role -> role.matches("[a-z0-9][a-z0-9-]{0,14}"))) {
            throw Fields.invalid("roles: are 1 to " + MOST_ROLES + " of 1 to 15 of a-z, 0-9 and '-'");
        }
        if ((wanted.jwk() == null) == (wanted.webauthn() == null)) {
            throw Fields.invalid("jwk, webauthn: give one of them");
        }
        return wanted.webauthn() == null
                ? registrations.key(id, roles, wanted.jwk())
                : registrations.passkey(id, roles, wanted.webauthn());
    }

    private void requireFree(Approver approver) throws ProblemException {
        if (approvals.approvers().approvers().sameKey(approver).isPresent()) {
            throw new ProblemException(Problem.CONFLICT, "the key is another approver's");
        }
    }

    /** Enrols whom a quorum approved. */
    public Answer<Approver> enrol(Call call, String id, @Nullable String approval) throws ProblemException {
        @Nullable Approver[] wanted = new Approver[1];
        return change(
                call,
                Action.ENROL_APPROVER,
                approval,
                () -> {
                    if (approval == null) {
                        throw Fields.invalid("approval: is the id of the one that POST /v1/approvers asked for");
                    }
                    wanted[0] = approvals.wanted(approval);
                    if (!wanted[0].id().equals(id)) {
                        throw new ProblemException(Problem.APPROVAL_INVALID, "the approval is of another's enrolment");
                    }
                    return wanted[0].parameters();
                },
                () -> {
                    Approver approver = Objects.requireNonNull(wanted[0]);
                    requireFree(approver);
                    return approver;
                });
    }

    /** Ends somebody's approving, as a quorum of the others approved. */
    public Answer<Approver> revoke(Call call, String id, @Nullable String approval) throws ProblemException {
        return change(
                call,
                Action.REVOKE_APPROVER,
                approval,
                () -> HeldKey.node().put("approver", id),
                () -> approvals
                        .approvers()
                        .approvers()
                        .find(id)
                        .orElseThrow(() -> new ProblemException(Problem.NOT_FOUND, "there is no such approver")));
    }

    /** Reads something, or refuses. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws ProblemException;
    }

    private Answer<Approver> change(
            Call call,
            Action action,
            @Nullable String approval,
            Reading<ObjectNode> parameters,
            Reading<Approver> about)
            throws ProblemException {
        Shown shown = new Shown(approvals, approval);
        return calls.perform(
                call,
                action,
                null,
                200,
                none -> {
                    ObjectNode asked = parameters.read();
                    return shown.with(Ask.parameters(asked), action, asked);
                },
                outcome -> {
                    Evidence evidence = shown.required();
                    Approver approver = about.read();
                    enter(call, action, evidence, approver, outcome);
                    return approver;
                });
    }

    private void enter(Call call, Action action, Evidence evidence, Approver approver, Outcome outcome)
            throws ProblemException {
        boolean enrols = action.equals(Action.ENROL_APPROVER);
        String document = enrols
                ? approver.canonical()
                : HeldKey.node().put("approver", approver.id()).toString();
        BookEntry entry = new BookEntry(
                evidence.entries() + 1,
                action.name(),
                document,
                evidence.forRecord().toString(),
                "",
                "",
                0);
        ObjectNode detail = enrols ? approver.document() : HeldKey.node().put("approver", approver.id());
        detail.put("entry", entry.digest()).setAll(evidence.forRecord());
        outcome.draft().detail().setAll(detail);
        Resource resource = new Resource(approver.id(), null, "approver", null, null, null, null);
        outcome.draft().on(resource);
        Intent intent = changes.intend(call, action, outcome, resource, detail);
        store.effect(intent, using -> {
            approvals.use(evidence, using);
            book.append(entry.at(using.source(), using.epoch(), using.sequence()));
        });
    }
}
