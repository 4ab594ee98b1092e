package dev.keyproof.log;

/**
 * Consecutive entries of a log.
 *
 * @param from first index
 * @param to index after the last
 */
public record EntryRange(long from, long to) {
    public EntryRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no range from " + from + " to " + to);
        }
    }

    public long count() {
        return to - from;
    }
}
