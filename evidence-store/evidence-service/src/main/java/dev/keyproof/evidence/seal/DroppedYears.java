package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.evidence.seal.LogEvents.ErasurePhase;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The years whose logs are not here any more, by marks that the logs after them bear out, and what remains of them. A mark that no log
 * bears out hides a log, and a log that says of another that it was dropped misses what remains of it: either stops the start.
 * Thread-safe.
 */
public final class DroppedYears {
    private final YearLogs logs;
    private final Store store;
    /** What the logs say: drops that were begun and not withheld, each with its entry. */
    private final SortedMap<Integer, Begun> begun = new TreeMap<>();

    private final Set<Integer> done = new HashSet<>();
    private volatile Optional<Remains> remains = Optional.empty();

    private DroppedYears(YearLogs logs, Store store) {
        this.logs = logs;
        this.store = store;
    }

    /** Where what remains is kept, by its digest. */
    @FunctionalInterface
    public interface Store {
        byte[] open(String digest) throws EvidenceException;
    }

    /**
     * A drop that is on record.
     *
     * @param entry which says so
     */
    public record Begun(YearDrop drop, byte[] entry) {}

    /** Reads the marks, and what remains of the last year marked, which holds what remains of those before it. */
    public static DroppedYears open(YearLogs logs, Store store) throws EvidenceException {
        DroppedYears dropped = new DroppedYears(logs, store);
        if (!logs.marks().isEmpty()) {
            int last = logs.marks().lastKey();
            YearDrop drop = YearDrop.of(Objects.requireNonNull(logs.marks().get(last)))
                    .filter(one -> one.year() == last)
                    .orElseThrow(() -> new EvidenceException("the mark of " + last + " is none"));
            dropped.remains = Optional.of(dropped.remains(drop));
        }
        return dropped;
    }

    /** What remains of all of them; empty while none is dropped. */
    public Optional<Remains> remains() {
        return remains;
    }

    /** What remains by a drop. */
    public Remains remains(YearDrop drop) throws EvidenceException {
        return Remains.parse(store.open(drop.remains()));
    }

    /** Each year that is dropped, with what the log says of that. */
    public synchronized SortedMap<Integer, YearDrop> years() {
        SortedMap<Integer, YearDrop> years = new TreeMap<>();
        begun.forEach((year, one) -> {
            if (logs.marks().containsKey(year)) {
                years.put(year, one.drop());
            }
        });
        return years;
    }

    /** Whether the log says that nothing is left of a year's log. */
    public synchronized boolean isDone(int year) {
        return done.contains(year);
    }

    /** Drops that a crash left half done, and those of logs that came back, from a copy. */
    public synchronized List<Begun> unfinished() {
        return begun.values().stream()
                .filter(one -> !done.contains(one.drop().year())
                        || logs.all().containsKey(one.drop().year()))
                .toList();
    }

    /** Is shown each entry at start. */
    synchronized void entry(byte[] entry, JsonNode json) {
        YearDrop.of(json).ifPresent(drop -> {
            switch (drop.phase()) {
                case BEGUN -> begun.put(drop.year(), new Begun(drop, entry));
                case WITHHELD -> begun.remove(drop.year());
                case DONE -> done.add(drop.year());
            }
        });
    }

    /** Once all entries were shown. */
    synchronized void requireSealed() throws EvidenceException {
        for (Map.Entry<Integer, byte[]> mark : logs.marks().entrySet()) {
            Begun said = begun.get(mark.getKey());
            if (said == null || !Arrays.equals(said.entry(), mark.getValue())) {
                throw new EvidenceException("the log of " + mark.getKey()
                        + " is marked as dropped, and no log after it says so: remove the mark");
            }
        }
        for (int year : begun.keySet()) {
            if (!logs.marks().containsKey(year) && !logs.all().containsKey(year)) {
                throw new EvidenceException(
                        "the log of " + year
                                + " was dropped, and neither it nor its mark is here: restore the folder of the logs as it was");
            }
        }
    }

    /** It is on record that a year is to be dropped. */
    public synchronized void begun(Begun drop) {
        begun.put(drop.drop().year(), drop);
    }

    /** From here on this is what remains: the last year dropped is marked. */
    public void leaves(Remains left) {
        remains = Optional.of(left);
    }

    /** How it ended is on record. */
    public synchronized void ended(YearDrop drop) {
        if (drop.phase() == ErasurePhase.DONE) {
            done.add(drop.year());
        } else {
            begun.remove(drop.year());
        }
    }
}
