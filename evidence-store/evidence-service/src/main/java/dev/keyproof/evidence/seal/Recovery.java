package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the logs from their first entry and makes the state again. */
public final class Recovery {
    private Recovery() {}

    /** Is shown each entry in its order; of dropped years what remains. */
    @FunctionalInterface
    public interface Observer {
        void entry(int year, long index, JsonNode json) throws EvidenceException;
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
        TreeHasher hasher = new TreeHasher();
        for (Map.Entry<Integer, SealedLog> year : logs.all().entrySet()) {
            CompactRange range = new CompactRange();
            long root = wanted.getOrDefault(year.getKey(), -1L);
            keep(roots, year.getKey(), range, root);
            LogEntries.each(year.getValue(), (index, entry, json) -> {
                Hash leaf = hasher.leaf(entry);
                state.entry(json, leaf, nowNanos);
                state.supports().sealed(new Supports.Place(year.getKey(), index), entry);
                dropped.entry(entry, json);
                owe(state, entry, json, owed);
                observer.entry(year.getKey(), index, json);
                range.append(leaf);
                keep(roots, year.getKey(), range, root);
                return true;
            });
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
