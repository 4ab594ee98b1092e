package dev.keyproof.log.merkle;

import dev.keyproof.log.LogException;

/** Roots of ranges of entries that appear in a proof, put together from complete subtrees. */
final class Subtrees {
    private final HashSource source;
    private final TreeHasher hasher = new TreeHasher();

    Subtrees(HashSource source) {
        this.source = source;
    }

    /** The largest power of two below {@code count}, which is at least 2. */
    static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    /** Root over [from, to), where {@code from} is a multiple of the largest power of two in the range. */
    Hash root(long from, long to) throws LogException {
        long count = to - from;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return source.hash(level, from >>> level);
        }
        long middle = from + split(count);
        return hasher.node(root(from, middle), root(middle, to));
    }
}
