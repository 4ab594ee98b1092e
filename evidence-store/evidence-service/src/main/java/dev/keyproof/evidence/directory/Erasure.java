package dev.keyproof.evidence.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.LogEvents.ErasurePhase;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.verify.LegalHold;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases people and artifacts, on the record: the intent is sealed before the key is destroyed and the outcome after it, so that what a
 * crash left half done is finished at the next start. No entry is touched. Thread-safe.
 */
public final class Erasure {
    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

    private final People people;
    private final Artifacts artifacts;
    private final YearLogs logs;
    private final LogEvents events;
    private final Map<String, Subject> open = new LinkedHashMap<>();

    public Erasure(People people, Artifacts artifacts, YearLogs logs, LogEvents events) {
        this.people = people;
        this.artifacts = artifacts;
        this.logs = logs;
        this.events = events;
    }

    /** What can be erased. */
    public enum Kind {
        /** By the actor's id. */
        PERSON,
        /** By {@code sha256:} and the digest of its ciphertext. */
        ARTIFACT
    }

    /**
     * What is erased.
     *
     * @param name an actor's id, or an artifact's name
     * @param reason why, for the record
     */
    private record Subject(Kind kind, String name, String reason) {}

    /** Is shown each entry at start, and remembers what was begun and not finished. */
    public synchronized void entry(JsonNode json) {
        LogEvents.erasure(json).ifPresent(erasure -> {
            if (erasure.phase() != ErasurePhase.BEGUN) {
                open.remove(erasure.id());
            } else {
                open.put(erasure.id(), new Subject(Kind.valueOf(erasure.kind()), erasure.subject(), erasure.reason()));
            }
        });
    }

    /** Finishes what a crash left half done; what cannot be put on record is tried by the next call. */
    public synchronized void finish(OwnEntries entries, Holds holds) throws EvidenceException {
        for (Map.Entry<String, Subject> one : Map.copyOf(open).entrySet()) {
            if (ended(one.getKey(), one.getValue(), entries, holds).isEmpty()) {
                LOG.warn("event=erasure-withheld id={}", one.getKey());
            }
        }
    }

    /** Erases; returns where the outcome is sealed. {@code by} asked for it. */
    public synchronized OwnEntries.Sealed erase(
            Kind kind, String name, String reason, String by, OwnEntries entries, Holds holds)
            throws EvidenceException {
        List<LegalHold> held = holds.inForce();
        if (!held.isEmpty()) {
            // Of which year an erasable thing is nobody can tell, so any hold keeps all.
            throw new EvidenceException("nothing is erased while legal holds are in force: "
                    + held.stream().map(LegalHold::hold).distinct().collect(Collectors.joining(", ")));
        }
        if (reason.isBlank() || reason.length() > 256) {
            throw new EvidenceException("why it is erased is said in 1 to 256 characters: reason");
        }
        if (kind == Kind.PERSON ? !people.has(name) : !artifacts.has(name)) {
            throw new EvidenceException("there is nothing to erase: " + name + " is not here, or was erased before");
        }
        String id = UUID.randomUUID().toString();
        Subject subject = new Subject(kind, name, reason);
        entries.seal(events.erasure(logs.origin(logs.year()), id, kind.name(), name, reason, by, ErasurePhase.BEGUN));
        open.put(id, subject);
        return ended(id, subject, entries, holds)
                .orElseThrow(() -> new EvidenceException("nothing is erased while legal holds are in force"));
    }

    /** Where it stands that it was done; empty if a hold came before it. */
    private Optional<OwnEntries.Sealed> ended(String id, Subject subject, OwnEntries entries, Holds holds)
            throws EvidenceException {
        // Asked after the intent is sealed: a hold that came before it counts, whenever the rest is done.
        boolean held = !holds.inForce().isEmpty();
        if (!held) {
            switch (subject.kind) {
                case PERSON -> people.erase(subject.name);
                case ARTIFACT -> artifacts.erase(subject.name);
            }
        }
        OwnEntries.Sealed sealed = entries.seal(events.erasure(
                logs.origin(logs.year()),
                id,
                subject.kind.name(),
                subject.name,
                subject.reason,
                "",
                held ? ErasurePhase.WITHHELD : ErasurePhase.DONE));
        open.remove(id);
        return held ? Optional.empty() : Optional.of(sealed);
    }
}
