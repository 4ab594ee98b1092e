package dev.keyproof.broker.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.approval.Approval.Given;
import dev.keyproof.broker.call.Persons;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests, signatures and their use. Who may do which of it, and how many are enough, is policy's to say. */
public final class Approvals {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApprovalStore store;
    private final Enrolled enrolled;
    private final SignatureCheck check;
    private final Persons persons;
    private final Outbox outbox;
    private final String audience;
    private final Clock clock;

    public Approvals(
            ApprovalStore store,
            Enrolled enrolled,
            SignatureCheck check,
            Persons persons,
            Outbox outbox,
            String audience,
            Clock clock) {
        this.store = store;
        this.enrolled = enrolled;
        this.check = check;
        this.persons = persons;
        this.outbox = outbox;
        this.audience = audience;
        this.clock = clock;
    }

    /** A new request, not yet stored. */
    public Approval draft(
            String requester,
            String operation,
            String key,
            String change,
            ObjectNode parameters,
            @Nullable String enrolment,
            int quorum,
            String role,
            Duration valid)
            throws ProblemException {
        String id = UlidCreator.getUlid().toString();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expires = now.plus(valid);
        String statement = Statement.of(audience, id, operation, key, parameters, change, requester, expires);
        return new Approval(
                id,
                statement,
                operation,
                key,
                change,
                parameters.toString(),
                requester,
                quorum,
                role,
                now,
                expires,
                0,
                enrolment,
                null,
                List.of());
    }

    public void store(Approval approval) throws ProblemException {
        store.insert(approval);
        outbox.note(approval.id(), Outbox.What.ASKED, 0);
    }

    public Approval find(String id) throws ProblemException {
        // The database takes no text with a NUL in it.
        return (Ulid.isValid(id) ? store.find(id) : Optional.<Approval>empty())
                .orElseThrow(() -> new ProblemException(Problem.APPROVAL_NOT_FOUND, "there is no such approval"));
    }

    public List<Approval> latest() throws ProblemException {
        return store.latest();
    }

    /**
     * The signature if it counts for this request: verified, in time, not the requester's, the approver's first.
     *
     * @param caller who gives it; policy judged this one's roles and hats, so nobody brings another's
     * @throws ProblemException {@link Problem#APPROVAL_INVALID}, {@link Problem#APPROVAL_USED} or {@link Problem#CONFLICT}
     */
    public Checked check(Approval approval, Signed signed, String caller) throws ProblemException {
        return check(approval, signed, caller, false);
    }

    /** The requester's own signature, over a request that nobody else needs to sign. */
    public Checked checkOwn(Approval approval, Signed signed) throws ProblemException {
        return check(approval, signed, approval.requester(), true);
    }

    private Checked check(Approval approval, Signed signed, String caller, boolean own) throws ProblemException {
        Signer signer = check.signer(enrolled.now().approvers(), approval.statement(), signed);
        Approver approver = signer.approver();
        if (!persons.same(approver.id(), caller)) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the signature is another's than the caller's");
        }
        if (approval.usedBy() != null) {
            throw new ProblemException(Problem.APPROVAL_USED, "the approval was used before");
        }
        if (!clock.instant().isBefore(approval.expires())) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the request has expired");
        }
        if (!own && persons.same(approver.id(), approval.requester())) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the requester cannot approve");
        }
        if (approval.signatures().stream()
                .anyMatch(given -> persons.same(given.approver(), approver.id())
                        || given.thumbprint().equals(approver.thumbprint()))) {
            throw new ProblemException(Problem.CONFLICT, "this approver has signed before");
        }
        return new Checked(
                new Given(
                        approver.id(),
                        approver.thumbprint(),
                        signed,
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        null),
                signer.counter());
    }

    /** A signature that holds, not yet kept. */
    public record Checked(Given given, long counter) {}

    /** Keeps it; refused where the passkey's counter does not go on. */
    public void sign(Approval approval, Checked checked) throws ProblemException {
        store.sign(approval.id(), checked.given(), checked.counter());
    }

    /**
     * The signature that the caller may take back, as long as nothing was done on it.
     *
     * @throws ProblemException {@link Problem#APPROVAL_USED}, or {@link Problem#CONFLICT} where there is nothing to take back
     */
    public Given ofCaller(Approval approval, String caller) throws ProblemException {
        if (approval.usedBy() != null) {
            throw new ProblemException(Problem.APPROVAL_USED, "the approval was used before");
        }
        return approval.standing().stream()
                .filter(given -> persons.same(given.approver(), caller))
                .findFirst()
                .orElseThrow(() ->
                        new ProblemException(Problem.CONFLICT, "there is no signature of this caller to withdraw"));
    }

    /** Takes a signature back, for good. */
    public void withdraw(Approval approval, Given own) throws ProblemException {
        store.withdraw(approval.id(), own.approver(), clock.instant());
        outbox.note(approval.id(), Outbox.What.WITHDRAWN, approval.withdrawals() + 1);
    }

    /** Ids of the requests that wait, all of them: nobody who asks much keeps others from being told. */
    public List<String> open() throws ProblemException {
        return store.open(clock.instant());
    }

    /** Those of these people who may approve the request and have not answered it. */
    public List<String> unanswered(Approval approval, List<String> people) {
        String about = approval.about();
        return people.stream()
                .filter(id -> !persons.same(id, approval.requester())
                        && (about == null || !persons.same(id, about))
                        && approval.signatures().stream().noneMatch(given -> persons.same(given.approver(), id)))
                .toList();
    }

    /** A request that may still be used, and whether as many signatures stand as policy had asked for. */
    public record Open(String id, boolean stands) {}

    /** The requests of somebody for an operation that may still be used, by key. */
    public Map<String, Open> open(String requester, String operation) throws ProblemException {
        return store.open(requester, operation, clock.instant());
    }

    /** Requests whose time is over, that nobody used, and whose end is not on the record. */
    public List<Approval> ended() throws ProblemException {
        List<Approval> ended = new ArrayList<>();
        for (String id : store.ended(clock.instant())) {
            ended.add(find(id));
        }
        return ended;
    }

    /** Notes that the end is on the record. */
    public void end(Approval approval) throws ProblemException {
        outbox.note(approval.id(), Outbox.What.EXPIRED, 0);
        store.end(approval.id());
    }

    /**
     * Who is to be enrolled by that approval.
     *
     * @throws ProblemException {@link Problem#APPROVAL_INVALID} if it is not for an enrolment
     */
    public Approver wanted(String id) throws ProblemException {
        String document = find(id).enrolment();
        if (document == null) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the approval is for no enrolment");
        }
        try {
            return Approver.of(JSON.readTree(document));
        } catch (JsonProcessingException | ParseException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the enrolment that was asked for cannot be read", e);
        }
    }

    /** How long a request has waited for its quorum. */
    public QuorumClock waited(Approval approval) {
        return QuorumClock.of(approval, clock.instant());
    }

    /** Whose signatures count. */
    public Enrolled.Now approvers() throws ProblemException {
        return enrolled.now();
    }

    /**
     * The approval for an operation on a key, every signature verified again.
     *
     * @throws ProblemException if there is none, it was used, is for something else, or a signature does not hold
     */
    public Evidence evidence(String id, String operation, String key, ObjectNode parameters) throws ProblemException {
        Approval approval = find(id);
        if (approval.usedBy() != null) {
            throw new ProblemException(Problem.APPROVAL_USED, "the approval was used before");
        }
        return evidence(approval, operation, key, parameters);
    }

    /**
     * The approval that was used up by an order, for the act that was ordered; every signature verified again.
     *
     * @param order uid of the order's intent
     * @throws ProblemException if it was used by something else, is for something else, or a signature does not hold
     */
    public Evidence evidenceOf(String order, String id, String operation, String key, ObjectNode parameters)
            throws ProblemException {
        Approval approval = find(id);
        if (!order.equals(approval.usedBy())) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the order was not given by this approval");
        }
        return evidence(approval, operation, key, parameters);
    }

    /** The approval for an operation on no key with one more signature, which is not kept yet. */
    public Evidence evidence(Approval approval, Checked more, String operation, ObjectNode parameters)
            throws ProblemException {
        List<Given> all = new ArrayList<>(approval.signatures());
        all.add(more.given());
        return evidence(approval.signedBy(all), operation, "", parameters);
    }

    private Evidence evidence(Approval approval, String operation, String key, ObjectNode parameters)
            throws ProblemException {
        String id = approval.id();
        // Made anew from what is asked, so that an altered row cannot approve something else than was signed.
        String statement = Statement.of(
                audience, id, operation, key, parameters, approval.change(), approval.requester(), approval.expires());
        if (!statement.equals(approval.statement())) {
            throw new ProblemException(
                    Problem.APPROVAL_INVALID, "the approval is for another operation, key or parameters");
        }
        Enrolled.Now now = enrolled.now();
        ObjectNode policy = forPolicy(approval, now.approvers());
        ArrayNode people = policy.putArray("approvers");
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("approval", id).put("statement", statement);
        ArrayNode jws = record.putArray("jws");
        ArrayNode assertions = JsonNodeFactory.instance.arrayNode();
        for (Given given : approval.standing()) {
            if (given.signed() == null) {
                throw new ProblemException(Problem.APPROVAL_INVALID, "a signature is missing");
            }
            if (now.approvers()
                    .find(given.approver())
                    .filter(approver -> approver.thumbprint().equals(given.thumbprint()))
                    .isEmpty()) {
                // Revoked since, or with another key; whether those who are left are enough is policy's to say.
                continue;
            }
            Approver approver =
                    check.signer(now.approvers(), statement, given.signed()).approver();
            if (!approver.id().equals(given.approver())) {
                throw new ProblemException(Problem.APPROVAL_INVALID, "a signature is not its approver's");
            }
            describe(people.addObject(), approver);
            forRecord(given, jws, assertions);
        }
        if (!assertions.isEmpty()) {
            record.set("webauthn", assertions);
        }
        QuorumClock.of(approval, clock.instant()).describe(record);
        return new Evidence(id, approval.usedBy() == null, approval.withdrawals(), now.entries(), policy, record);
    }

    /** How a signature stands in a record: {@code jws} among the others, an assertion under {@code webauthn} with its approver. */
    public static void forRecord(Given given, ArrayNode jws, ArrayNode webauthn) {
        switch (given.signed()) {
            case null -> throw new IllegalArgumentException("a list leaves signatures out");
            case Signed.Jws one -> jws.add(one.compact());
            case Signed.Assertion one ->
                webauthn.addObject()
                        .put("approver", given.approver())
                        .put("authenticatorData", one.authenticatorData())
                        .put("clientDataJSON", one.clientDataJSON())
                        .put("signature", one.signature());
        }
    }

    /** What policy reads when somebody approves: the request, and who signed so far. */
    public ObjectNode forApproving(Approval approval) throws ProblemException {
        Approvers approvers = enrolled.now().approvers();
        ObjectNode policy = forPolicy(approval, approvers);
        ArrayNode people = policy.putArray("approvers");
        approval.standing()
                .forEach(given ->
                        approvers.find(given.approver()).ifPresent(approver -> describe(people.addObject(), approver)));
        return policy;
    }

    /** Uses the approval up in the transaction of the effect. */
    public void use(Evidence evidence, Intent intent) throws ProblemException {
        store.use(evidence, clock.instant(), intent);
        outbox.note(evidence.id(), Outbox.What.EXECUTED, 0);
    }

    /** Who is to be enrolled or revoked stands beside, with who is enrolled. */
    private static ObjectNode forPolicy(Approval approval, Approvers approvers) {
        ObjectNode policy = JsonNodeFactory.instance
                .objectNode()
                .put("required-for", approval.operation())
                .put("request", approval.id())
                .put("requester", approval.requester())
                .put("change", approval.change())
                .put("key", approval.key())
                .put("expires", approval.expires().getEpochSecond());
        String about = approval.about();
        if (about != null) {
            policy.put("approver", about);
            ArrayNode all = policy.putArray("enrolled");
            approvers.all().forEach(approver -> describe(all.addObject(), approver));
        }
        return policy;
    }

    static void describe(ObjectNode node, Approver approver) {
        node.put("id", approver.id()).put("key", approver.thumbprint());
        approver.roles().forEach(node.putArray("roles")::add);
        if (approver.aaguid() != null) {
            node.put("aaguid", approver.aaguid());
        }
    }
}
