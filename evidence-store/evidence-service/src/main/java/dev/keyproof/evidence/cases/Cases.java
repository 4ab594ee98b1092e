package dev.keyproof.evidence.cases;

import dev.keyproof.event.User;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.cases.CaseRefusedException.Why;
import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.seal.CaseEvents;
import dev.keyproof.evidence.seal.CaseFiles;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.NotSealedException;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.search.Place;
import dev.keyproof.evidence.search.Proofs;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.CaseFile;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.LegalHold;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Cases, each step of which is an entry of the log before it counts, and nothing else: what is not sealed did not happen. Thread-safe.
 */
public final class Cases {
    private final CaseFiles files;
    private final YearLogs logs;
    private final OwnEntries entries;
    private final CaseEvents events;
    private final Proofs proofs;
    private final Artifacts artifacts;
    private final Holds holds;
    private final TreeHasher hasher = new TreeHasher();

    public Cases(
            CaseFiles files,
            YearLogs logs,
            OwnEntries entries,
            LogEvents events,
            Proofs proofs,
            Artifacts artifacts,
            Holds holds) {
        this.files = files;
        this.logs = logs;
        this.entries = entries;
        this.events = new CaseEvents(events);
        this.proofs = proofs;
        this.artifacts = artifacts;
        this.holds = holds;
    }

    /** All of them by id, in the order in which they were opened. */
    public Map<String, CaseFile> all() {
        return files.all();
    }

    /** One of them. */
    public CaseFile get(String id) throws CaseRefusedException {
        return files.find(id).orElseThrow(() -> new CaseRefusedException(Why.NO_CASE, "there is no case " + id));
    }

    /** Opens one; returns its id. */
    public synchronized String open(User by) throws EvidenceException {
        String id = UUID.randomUUID().toString();
        seal(new CaseStep(id, Optional.empty(), new CaseStep.Opened()), by);
        return id;
    }

    /** Attaches an entry that a signed head covers. */
    public synchronized CaseFile.Sealed attach(String id, Place place, User by) throws EvidenceException, LogException {
        CaseFile file = open(id);
        CaseStep.Attached attached = proven(id, place);
        if (file.records().containsKey(attached)) {
            throw new CaseRefusedException(Why.TWICE, "entry " + place + " is attached to the case already");
        }
        return step(id, file, new CaseStep.Added(attached), by);
    }

    /** Adds a note; the log holds the digest of its ciphertext, so that it can be erased. */
    public synchronized CaseFile.Sealed note(String id, String text, User by) throws EvidenceException {
        CaseFile file = open(id);
        String artifact = artifacts.keep(text.getBytes(StandardCharsets.UTF_8));
        try {
            return step(id, file, new CaseStep.Noted(artifact), by);
        } catch (NotSealedException e) {
            // What the log does not name nobody would find to erase it.
            artifacts.erase(artifact);
            throw e;
        }
    }

    /** Names a legal hold in force as one that the case needs. It is placed and released at the broker, by a quorum, and nowhere else. */
    public synchronized CaseFile.Sealed hold(String id, String name, User by) throws EvidenceException, LogException {
        CaseFile file = open(id);
        LegalHold hold = holds.inForce().stream()
                .filter(one -> one.hold().equals(name))
                .findFirst()
                .orElseThrow(() -> new CaseRefusedException(
                        Why.NO_HOLD,
                        "no legal hold of that name is in force: one is placed at the broker, by a quorum"));
        int year = Integer.parseInt(hold.log().substring(hold.log().indexOf('/') + 1));
        CaseStep.Attached placed = proven(id, new Place(year, hold.index()));
        if (file.records().get(placed) instanceof CaseStep.Held) {
            throw new CaseRefusedException(Why.TWICE, "the case names that hold already");
        }
        return step(id, file, new CaseStep.Held(name, placed), by);
    }

    /** Closes one for good. */
    public synchronized CaseFile.Sealed close(String id, User by) throws EvidenceException {
        return step(id, open(id), new CaseStep.Closed(), by);
    }

    /** Of the legal holds that a case names those in force, and the years of its entries that none of them covers. */
    public Held held(CaseFile file) throws EvidenceException {
        SortedSet<String> named = new TreeSet<>();
        for (CaseFile.Sealed one : file.steps()) {
            if (one.step().act() instanceof CaseStep.Held held) {
                named.add(held.hold());
            }
        }
        List<LegalHold> inForce = holds.inForce().stream()
                .filter(hold -> named.contains(hold.hold()))
                .toList();
        SortedSet<Integer> free = new TreeSet<>();
        file.places().forEach(place -> free.add(place.year()));
        free.removeIf(year -> inForce.stream().anyMatch(hold -> hold.covers(year)));
        return new Held(inForce, free);
    }

    /** What keeps a case's entries, and which years of them nothing keeps. */
    public record Held(List<LegalHold> inForce, SortedSet<Integer> free) {}

    private CaseFile open(String id) throws CaseRefusedException {
        CaseFile file = get(id);
        if (file.isClosed()) {
            throw new CaseRefusedException(Why.CLOSED, "the case is closed; open another");
        }
        return file;
    }

    private CaseStep.Attached proven(String id, Place place) throws CaseRefusedException, LogException {
        byte[] entry = proofs.of(place)
                .orElseThrow(() -> new CaseRefusedException(
                        Why.NOT_SEALED, "no signed head covers entry " + place + ", or not yet: it cannot be attached"))
                .entry();
        if (CaseStep.of(new Entry("", place.index(), entry))
                .filter(step -> step.id().equals(id))
                .isPresent()) {
            throw new CaseRefusedException(Why.TWICE, "entry " + place + " is a step of the case");
        }
        return new CaseStep.Attached(place.year(), place.index(), hasher.leaf(entry));
    }

    private CaseFile.Sealed step(String id, CaseFile file, CaseStep.Act act, User by) throws EvidenceException {
        return seal(new CaseStep(id, Optional.of(file.steps().getLast().leaf()), act), by);
    }

    private CaseFile.Sealed seal(CaseStep step, User by) throws EvidenceException {
        byte[] entry = events.step(logs.origin(logs.year()), step, by);
        entries.seal(entry);
        Hash leaf = hasher.leaf(entry);
        return get(step.id()).steps().stream()
                .filter(one -> one.leaf().equals(leaf))
                .findFirst()
                // One that was given up for lost came before it after all.
                .orElseThrow(() -> new EvidenceException("another step of the case came first: look, and ask again"));
    }
}
