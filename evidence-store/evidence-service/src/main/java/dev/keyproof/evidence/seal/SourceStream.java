package dev.keyproof.evidence.seal;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is sealed of one source and epoch: at which places, up to where without a gap, and up to where a signed head of the source covers
 * it. A foreign source signs no heads, and leaves out what does not concern keys. Used by the sealing thread alone.
 */
final class SourceStream {
    /** Enough for minutes at full speed; a stream that outruns it has long been reported, and cannot be attested any more. */
    static final int MOST_UNATTESTED = 200_000;

    private final String source;
    private final String epoch;
    private final Places.Source places;
    /** Places before this one were taken in years whose logs were dropped, and of a source of ours these beyond a gap. */
    private long dropped;

    private Set<Long> droppedAhead = Set.of();
    private long droppedCount;
    private @Nullable Unattested unattested;
    private boolean outrun;
    private long next;
    private long attested;
    private long uncoveredSinceNanos;

    SourceStream(String source, String epoch, Places.Source places) {
        this.source = source;
        this.epoch = epoch;
        this.places = places;
    }

    /** What the next head is held against; only of sources of ours, for there are very many others. */
    private static final class Unattested {
        /** Tree over the entries that a head covers. */
        final CompactRange covered = new CompactRange();
        /** Leaf hashes of the entries after those, in order. */
        final ArrayDeque<Hash> uncovered = new ArrayDeque<>();
        /** Sealed beyond a gap. */
        final TreeMap<Long, Hash> ahead = new TreeMap<>();
    }

    String source() {
        return source;
    }

    String epoch() {
        return epoch;
    }

    /** The number of places sealed. */
    long count() {
        return droppedCount + places.count();
    }

    /** The next sequence without a gap; 0 for a foreign source. */
    long next() {
        return next;
    }

    /** Entries that a head covers. */
    long attested() {
        return attested;
    }

    /** Whether the source is one of ours, whose heads must cover it. */
    boolean own() {
        return unattested != null || outrun;
    }

    /** Whether that place is sealed already. */
    boolean has(long sequence) {
        return wasTaken(sequence) || places.has(sequence);
    }

    /** Whether that place belongs to years whose logs were dropped: nobody can tell any more what is sealed there. */
    boolean isDropped(long sequence) {
        return wasTaken(sequence) && !places.has(sequence);
    }

    private boolean wasTaken(long sequence) {
        return sequence < dropped || droppedAhead.contains(sequence);
    }

    /** Whether it is that record which is sealed there. */
    boolean holds(long sequence, Hash leaf) {
        return places.holds(sequence, leaf);
    }

    /** False if the records lie so far apart that this one cannot be kept account of. */
    boolean hasRoomFor(long sequence) {
        return places.hasRoomFor(sequence);
    }

    /** Takes a leaf at a place that is not sealed yet. */
    void sealed(long sequence, Hash leaf, boolean ofOurs, long nowNanos) {
        places.put(sequence, leaf);
        if (ofOurs && !own()) {
            unattested = new Unattested();
        }
        Unattested waiting = unattested;
        if (waiting != null) {
            join(waiting, sequence, leaf, nowNanos);
        } else if (outrun) {
            while (has(next)) {
                next++;
            }
        }
    }

    private void join(Unattested waiting, long sequence, Hash leaf, long nowNanos) {
        waiting.ahead.put(sequence, leaf);
        while (!waiting.ahead.isEmpty() && waiting.ahead.firstKey() == next) {
            if (waiting.uncovered.isEmpty()) {
                uncoveredSinceNanos = nowNanos;
            }
            waiting.uncovered.add(waiting.ahead.pollFirstEntry().getValue());
            next++;
        }
        if (waiting.uncovered.size() > MOST_UNATTESTED || waiting.ahead.size() > MOST_UNATTESTED) {
            outrun = true;
            unattested = null;
            uncoveredSinceNanos = nowNanos;
        }
    }

    /** The first gap: from the next place to the first one sealed beyond it. */
    Optional<Gap> gap() {
        Unattested waiting = unattested;
        if (waiting != null) {
            return waiting.ahead.isEmpty() ? Optional.empty() : Optional.of(new Gap(next, waiting.ahead.firstKey()));
        }
        return outrun && places.end() > next ? Optional.of(new Gap(next, places.firstFrom(next))) : Optional.empty();
    }

    /** Root over the first {@code size} entries, if they are all there and none of them was dropped. */
    Optional<Hash> root(long size) {
        Unattested waiting = unattested;
        if (waiting == null || size < attested || size > next) {
            return Optional.empty();
        }
        CompactRange range = waiting.covered.copy();
        waiting.uncovered.stream().limit(size - attested).forEach(range::append);
        return Optional.of(range.root());
    }

    /** A head over the first {@code size} entries was accepted. */
    void attest(long size, long nowNanos) {
        Unattested waiting = unattested;
        if (waiting == null) {
            return;
        }
        while (waiting.covered.size() < size && !waiting.uncovered.isEmpty()) {
            waiting.covered.append(waiting.uncovered.removeFirst());
        }
        attested = waiting.covered.size();
        uncoveredSinceNanos = nowNanos;
    }

    /** For how long entries have been waiting for a head; 0 if none does. */
    long waitingNanos(long nowNanos) {
        Unattested waiting = unattested;
        return outrun || (waiting != null && !waiting.uncovered.isEmpty()) ? nowNanos - uncoveredSinceNanos : 0;
    }

    /**
     * A source as it stands at the end of a year.
     *
     * @param end the place after the last that is taken
     * @param next the first place that is not sealed
     * @param covered frontier of the tree over the entries that a head covers
     * @param uncovered leaves of those after them, in order
     * @param ahead leaves beyond a gap, by place
     */
    record Snapshot(
            String source,
            String epoch,
            boolean own,
            boolean outrun,
            long end,
            long count,
            long next,
            long attested,
            List<Hash> covered,
            List<Hash> uncovered,
            SortedMap<Long, Hash> ahead) {}

    Snapshot snapshot() {
        Unattested waiting = unattested;
        return new Snapshot(
                source,
                epoch,
                own(),
                outrun,
                Math.max(dropped, places.end()),
                count(),
                next,
                attested,
                waiting == null ? List.of() : waiting.covered.nodes(),
                waiting == null ? List.of() : List.copyOf(waiting.uncovered),
                waiting == null ? new TreeMap<>() : new TreeMap<>(waiting.ahead));
    }

    /** Goes on where a dropped year ended; nothing was taken yet. */
    void begin(Snapshot end, long nowNanos) {
        dropped = end.end();
        droppedCount = end.count();
        next = end.next();
        attested = end.attested();
        uncoveredSinceNanos = nowNanos;
        if (end.outrun()) {
            // What is missing before was reported, and can be told no more.
            outrun = true;
            next = end.end();
            droppedCount = end.end();
        } else if (end.own()) {
            // Of these it is known which are missing, and one of them may still come.
            dropped = end.next();
            droppedAhead = Set.copyOf(end.ahead().keySet());
            Unattested waiting = new Unattested();
            waiting.covered.reset(CompactRange.of(end.attested(), end.covered()));
            waiting.uncovered.addAll(end.uncovered());
            waiting.ahead.putAll(end.ahead());
            unattested = waiting;
        }
    }

    /** Sequences {@code from} to {@code to}, exclusive, are missing. */
    record Gap(long from, long to) {}
}
