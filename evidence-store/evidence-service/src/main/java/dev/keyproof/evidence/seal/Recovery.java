package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads the logs from their first entry and makes the state again. */
public final class Recovery {
    private static final int READ = 512;

    private Recovery() {}

    /** Is shown each entry in its order; of dropped years what remains. */
    @FunctionalInterface
    public interface Observer {
        void entry(int year, long index, JsonNode json) throws EvidenceException;
    }

    /** Takes an entry. */
    @FunctionalInterface
    interface EachEntry {
        void take(long index, byte[] entry, Hash leaf, JsonNode json) throws EvidenceException;
    }

    /** All entries of a log. */
    static void each(SealedLog log, EachEntry each) throws LogException, IOException, EvidenceException {
        ObjectMapper mapper = new ObjectMapper();
        TreeHasher hasher = new TreeHasher();
        for (long next = 0; next < log.size(); ) {
            List<byte[]> entries = log.read(next, READ);
            if (entries.isEmpty()) {
                throw new EvidenceException("the log " + log.origin() + " ends before its size");
            }
            for (byte[] entry : entries) {
                each.take(next, entry, hasher.leaf(entry), mapper.readTree(entry));
                next++;
            }
        }
    }

    /** Names of the artifacts that the log in a folder sets aside, and of the notes of its cases. */
    public static void artifacts(Path folder, Artifact each) throws LogException, EvidenceException {
        ObjectMapper mapper = new ObjectMapper();
        try (SealedLogReader log = SealedLogReader.open(folder)) {
            for (long next = 0; next < log.durableSize(); ) {
                for (byte[] entry : log.read(next, READ)) {
                    JsonNode json = mapper.readTree(entry);
                    if (json.path("keyproof").asText().equals(Entries.QUARANTINE)) {
                        each.take(json.path("artifact").asText());
                    }
                    Optional<CaseStep> step = CaseStep.of(new Entry("", next, entry));
                    if (step.isPresent() && step.get().act() instanceof CaseStep.Noted noted) {
                        each.take(noted.artifact());
                    }
                    next++;
                }
            }
        } catch (IOException e) {
            throw new EvidenceException("the log in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether an entry of a log is such. */
    public static boolean any(SealedLog log, Predicate<JsonNode> wanted) throws LogException, EvidenceException {
        ObjectMapper mapper = new ObjectMapper();
        try {
            for (long next = 0; next < log.size(); ) {
                List<byte[]> entries = log.read(next, READ);
                for (byte[] entry : entries) {
                    if (wanted.test(mapper.readTree(entry))) {
                        return true;
                    }
                }
                next += entries.size();
            }
            return false;
        } catch (IOException e) {
            throw new EvidenceException("the log " + log.origin() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Takes an artifact's name. */
    @FunctionalInterface
    public interface Artifact {
        void take(String name) throws EvidenceException;
    }

    /**
     * Fills the state.
     *
     * @param dropped what remains of years whose logs are not here any more
     * @param wanted sizes by year whose roots are asked for
     * @return the roots at those sizes, where the log reaches them, or where a dropped one ended so
     */
    public static Map<Integer, Hash> run(
            YearLogs logs,
            DroppedYears dropped,
            SealedState state,
            Map<Integer, Long> wanted,
            Observer observer,
            long nowNanos)
            throws EvidenceException {
        SortedMap<Integer, Hash> roots = new TreeMap<>();
        Remains remains = dropped.remains().orElse(null);
        if (remains != null) {
            remains.begin(state, nowNanos);
            for (Map.Entry<Supports.Place, Remains.Kept> record :
                    remains.records().entrySet()) {
                JsonNode json = Remains.json(record.getValue());
                dropped.entry(record.getValue().entry(), json);
                observer.entry(record.getKey().year(), record.getKey().index(), json);
            }
            for (Map.Entry<Integer, SignedHead> head : remains.heads().entrySet()) {
                if (head.getValue().size() == wanted.getOrDefault(head.getKey(), -1L)) {
                    roots.put(head.getKey(), head.getValue().checkpoint().root());
                }
            }
        }
        int owed = Positions.decode(logs.positions()).owed();
        try {
            for (Map.Entry<Integer, SealedLog> year : logs.all().entrySet()) {
                CompactRange range = new CompactRange();
                long root = wanted.getOrDefault(year.getKey(), -1L);
                keep(roots, year.getKey(), range, root);
                each(year.getValue(), (index, entry, leaf, json) -> {
                    state.entry(json, leaf, nowNanos);
                    state.supports().sealed(new Supports.Place(year.getKey(), index), entry);
                    dropped.entry(entry, json);
                    owe(state, entry, json, owed);
                    observer.entry(year.getKey(), index, json);
                    range.append(leaf);
                    keep(roots, year.getKey(), range, root);
                });
            }
        } catch (LogException | IOException e) {
            throw new EvidenceException("the log cannot be read back: " + e.getMessage(), e);
        }
        dropped.requireSealed();
        state.committed();
        return roots;
    }

    /** The last findings of our own that may not have been published are published again: the same bytes, so nobody takes them for two. */
    private static void owe(SealedState state, byte[] entry, JsonNode json, int owed) {
        if (owed > 0 && Entries.isOwnFinding(json)) {
            state.owed().add(entry);
            if (state.owed().size() > owed) {
                state.owed().remove();
            }
        }
    }

    private static void keep(Map<Integer, Hash> roots, int year, CompactRange range, long size) {
        if (range.size() == size) {
            roots.put(year, range.root());
        }
    }
}
