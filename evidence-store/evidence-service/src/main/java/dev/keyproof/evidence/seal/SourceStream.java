package dev.keyproof.evidence.seal;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is sealed of one source and epoch: up to where without a gap, what lies beyond one, and up to where a signed head of the
 * source covers it. Used by the sealing thread alone.
 */
final class SourceStream {
    /** Enough for minutes at full speed; a stream that outruns it has long been reported, and cannot be attested any more. */
    private static final int MOST_UNATTESTED = 200_000;

    /** More records than a file of a foreign source can hold. */
    private static final int MOST_FOREIGN = 1 << 26;

    private final String source;
    private final String epoch;
    /** Tree over the entries that a head covers. */
    private final CompactRange covered = new CompactRange();
    /** Leaf hashes of the entries after those, in order. */
    private final ArrayDeque<Hash> uncovered = new ArrayDeque<>();
    /** Sealed beyond a gap. */
    private final TreeMap<Long, Hash> ahead = new TreeMap<>();

    /** Places sealed of a foreign source, which signs no heads and leaves out what does not concern keys. */
    private final BitSet foreign = new BitSet();

    private boolean own;
    private boolean outrun;
    private long uncoveredSinceNanos;

    SourceStream(String source, String epoch) {
        this.source = source;
        this.epoch = epoch;
    }

    String source() {
        return source;
    }

    String epoch() {
        return epoch;
    }

    /** The number of places sealed. */
    long count() {
        return next() + ahead.size() + foreign.cardinality();
    }

    /** The next sequence without a gap. */
    long next() {
        return covered.size() + uncovered.size();
    }

    /** Entries that a head covers. */
    long attested() {
        return covered.size();
    }

    /** Whether the source is one of ours, whose heads must cover it. */
    boolean own() {
        return own;
    }

    /** Whether that place is sealed already. */
    boolean has(long sequence) {
        return sequence < next()
                || ahead.containsKey(sequence)
                || (sequence < MOST_FOREIGN && foreign.get((int) sequence));
    }

    /** The leaf sealed at that place, unless it lies too far back. */
    Optional<Hash> leaf(long sequence) {
        if (sequence >= next()) {
            return Optional.ofNullable(ahead.get(sequence));
        }
        long index = sequence - covered.size();
        return index < 0 ? Optional.empty() : uncovered.stream().skip(index).findFirst();
    }

    /** Takes a leaf at a place that is not sealed yet. */
    void sealed(long sequence, Hash leaf, boolean ofOurs, long nowNanos) {
        own |= ofOurs;
        if (!own && sequence < MOST_FOREIGN) {
            foreign.set((int) sequence);
            return;
        }
        ahead.put(sequence, leaf);
        while (!ahead.isEmpty() && ahead.firstKey() == next()) {
            if (uncovered.isEmpty()) {
                uncoveredSinceNanos = nowNanos;
            }
            uncovered.add(ahead.pollFirstEntry().getValue());
        }
        if (uncovered.size() > MOST_UNATTESTED) {
            outrun = true;
            uncovered.forEach(covered::append);
            uncovered.clear();
        }
    }

    /** The first gap: from the next place to the first one sealed beyond it. */
    Optional<Gap> gap() {
        return !own || ahead.isEmpty() ? Optional.empty() : Optional.of(new Gap(next(), ahead.firstKey()));
    }

    /** Root over the first {@code size} entries, if they are all there and none of them was dropped. */
    Optional<Hash> root(long size) {
        if (outrun || size < attested() || size > next()) {
            return Optional.empty();
        }
        CompactRange range = covered.copy();
        uncovered.stream().limit(size - attested()).forEach(range::append);
        return Optional.of(range.root());
    }

    /** A head over the first {@code size} entries was accepted. */
    void attest(long size, long nowNanos) {
        while (covered.size() < size && !uncovered.isEmpty()) {
            covered.append(uncovered.removeFirst());
        }
        uncoveredSinceNanos = nowNanos;
    }

    /** For how long entries have been waiting for a head; 0 if none does. */
    long waitingNanos(long nowNanos) {
        return own && (outrun || !uncovered.isEmpty()) ? nowNanos - uncoveredSinceNanos : 0;
    }

    /** Sequences {@code from} to {@code to}, exclusive, are missing. */
    record Gap(long from, long to) {}
}
