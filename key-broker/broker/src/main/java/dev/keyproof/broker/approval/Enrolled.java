package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Persons;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whose signatures count. The book of approvers is read each time it is asked for, so that all brokers know the same; an entry is believed
 * only if its record says so and, but for the first approvers', if people who were enrolled at its place signed exactly that. What was
 * believed once stays: the book only goes on, and one that does not is told of. Thread-safe.
 */
public final class Enrolled {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApproverBook book;
    private final Sealing sealing;
    private final Approvers configured;
    private final SignatureCheck check;
    private final Persons persons;
    private final String audience;
    private final Judge judge;
    // The three below are touched under this object's lock alone.
    private final List<BookEntry> known = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private Approvers approvers = Approvers.none();

    /** @param configured the first approvers as this broker's file has them */
    public Enrolled(
            ApproverBook book,
            Sealing sealing,
            Approvers configured,
            SignatureCheck check,
            Persons persons,
            String audience,
            Judge judge) {
        this.book = book;
        this.sealing = sealing;
        this.configured = configured;
        this.check = check;
        this.persons = persons;
        this.audience = audience;
        this.judge = judge;
    }

    /** Says by policy whether these people are enough for an entry that another broker made. */
    public interface Judge {
        /** @param approvals what policy reads: who asked, whom it concerns, who approved */
        boolean enough(ObjectNode approvals);
    }

    /**
     * The approvers at one moment.
     *
     * @param entries how many entries the book had
     */
    public record Now(Approvers approvers, long entries) {}

    /** The approvers of this moment. */
    public synchronized Now now() throws ProblemException {
        List<BookEntry> read = book.entries();
        for (int i = 0; i < known.size(); i++) {
            if (i >= read.size() || !read.get(i).equals(known.get(i))) {
                tell(known.get(i), "it is not in the book any more, or is another there");
            }
        }
        for (BookEntry entry : read.subList(Math.min(known.size(), read.size()), read.size())) {
            Optional<Approvers> after = entry.number() == known.size() + 1 ? after(entry) : Optional.empty();
            if (after.isEmpty()) {
                tell(entry, "no record, or no approval, says so");
                // What comes after it stands on it.
                break;
            }
            approvers = after.get();
            known.add(entry);
        }
        return new Now(approvers, known.size());
    }

    private void tell(BookEntry entry, String what) throws ProblemException {
        String once = entry.digest() + what;
        if (!told.contains(once)) {
            sealing.tampered(entry, what);
            // Only now: what could not be told is told the next time.
            told.add(once);
        }
    }

    /** The approvers with this entry; nobody where it is not to be believed. */
    private Optional<Approvers> after(BookEntry entry) throws ProblemException {
        Sealing.Word word = sealing.of(entry);
        if (word == Sealing.Word.NONE) {
            return Optional.empty();
        }
        try {
            JsonNode document = JSON.readTree(entry.document());
            String id = document.path("approver").asText();
            if (entry.operation().equals(BookEntry.REVOKE)) {
                return approved(entry, word, id, document) ? Optional.of(approvers.without(id)) : Optional.empty();
            }
            Approver approver = Approver.of(document);
            if (!entry.operation().equals(BookEntry.ENROL)
                    || !approver.canonical().equals(entry.document())
                    || approvers.sameKey(approver).isPresent()) {
                return Optional.empty();
            }
            boolean holds =
                    entry.evidence() == null ? first(approver, word) : approved(entry, word, id, approver.parameters());
            return holds ? Optional.of(approvers.with(approver)) : Optional.empty();
        } catch (IOException | ParseException e) {
            return Optional.empty();
        }
    }

    /** A first approver stands before all that was approved; that a peer says so is believed where the own file has the same. */
    private boolean first(Approver approver, Sealing.Word word) throws ProblemException {
        if (known.stream().anyMatch(before -> before.evidence() != null)) {
            return false;
        }
        Optional<Approver> own = configured.find(approver.id());
        return word == Sealing.Word.OWN
                || (own.isPresent() && own.get().digest().equals(approver.digest()));
    }

    private boolean approved(BookEntry entry, Sealing.Word word, String about, JsonNode parameters) throws IOException {
        if (entry.evidence() == null) {
            return false;
        }
        JsonNode evidence = JSON.readTree(entry.evidence());
        String id = evidence.path("approval").asText();
        String statement = evidence.path("statement").asText();
        for (BookEntry before : known) {
            if (before.evidence() != null
                    && JSON.readTree(before.evidence())
                            .path("approval")
                            .asText()
                            .equals(id)) {
                return false;
            }
        }
        try {
            JsonNode stated = JSON.readTree(statement);
            String requester = stated.path("requester").asText();
            if (!statement.equals(Statement.of(
                    audience,
                    id,
                    entry.operation(),
                    "",
                    parameters,
                    stated.path("change").asText(),
                    requester,
                    Instant.ofEpochSecond(stated.path("exp").asLong())))) {
                return false;
            }
            Set<String> people = new HashSet<>();
            ObjectNode said = JsonNodeFactory.instance
                    .objectNode()
                    .put("requester", requester)
                    .put("approver", about);
            for (Signed signed : signatures(evidence)) {
                Approver signer = check.signer(approvers, statement, signed).approver();
                if (persons.same(signer.id(), requester)
                        || persons.same(signer.id(), about)
                        || !people.add(persons.of(signer.id()))) {
                    return false;
                }
                Approvals.describe(said.withArray("approvers").addObject(), signer);
            }
            // The own journal has what policy said of the own entries; of a peer's there is the peer's word alone.
            return !people.isEmpty() && (word == Sealing.Word.OWN || judge.enough(said));
        } catch (ProblemException e) {
            if (e.problem() == Problem.APPROVAL_INVALID || e.problem() == Problem.INVALID_INPUT) {
                return false;
            }
            throw new IllegalStateException(e);
        }
    }

    private List<Signed> signatures(JsonNode evidence) {
        List<Signed> signatures = new ArrayList<>();
        evidence.path("jws").forEach(jws -> signatures.add(new Signed.Jws(jws.asText())));
        for (JsonNode one : evidence.path("webauthn")) {
            String credential = approvers
                    .find(one.path("approver").asText())
                    .map(Approver::passkey)
                    .map(Passkey::credential)
                    .orElse("");
            signatures.add(new Signed.Assertion(
                    credential,
                    one.path("clientDataJSON").asText(),
                    one.path("authenticatorData").asText(),
                    one.path("signature").asText()));
        }
        return signatures;
    }
}
