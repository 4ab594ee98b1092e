package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the logs from their first entry and makes the state again. */
public final class Recovery {
    private static final int READ = 512;

    private Recovery() {}

    /** Is shown each entry in its order. */
    @FunctionalInterface
    public interface Observer {
        void entry(int year, long index, JsonNode json) throws EvidenceException;
    }

    /**
     * Fills the state.
     *
     * @param wanted sizes by year whose roots are asked for
     * @return the roots at those sizes, where the log reaches them
     */
    public static Map<Integer, Hash> run(
            YearLogs logs, SealedState state, Map<Integer, Long> wanted, Observer observer, long nowNanos)
            throws EvidenceException {
        ObjectMapper mapper = new ObjectMapper();
        TreeHasher hasher = new TreeHasher();
        SortedMap<Integer, Hash> roots = new TreeMap<>();
        int owed = Positions.decode(logs.positions()).owed();
        try {
            for (Map.Entry<Integer, SealedLog> year : logs.all().entrySet()) {
                CompactRange range = new CompactRange();
                long root = wanted.getOrDefault(year.getKey(), -1L);
                keep(roots, year.getKey(), range, root);
                for (long next = 0; next < year.getValue().size(); ) {
                    List<byte[]> entries = year.getValue().read(next, READ);
                    if (entries.isEmpty()) {
                        throw new EvidenceException("the log of " + year.getKey() + " ends before its size");
                    }
                    for (byte[] entry : entries) {
                        Hash leaf = hasher.leaf(entry);
                        JsonNode json = mapper.readTree(entry);
                        state.entry(json, leaf, nowNanos);
                        state.supports().sealed(year.getKey(), range.size(), List.of(entry));
                        owe(state, entry, json, owed);
                        observer.entry(year.getKey(), range.size(), json);
                        range.append(leaf);
                        keep(roots, year.getKey(), range, root);
                    }
                    next += entries.size();
                }
            }
        } catch (LogException | IOException e) {
            throw new EvidenceException("the log cannot be read back: " + e.getMessage(), e);
        }
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
