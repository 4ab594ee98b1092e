package dev.keyproof.log.store;

import dev.keyproof.log.store.Committed.Positions;

/** The commit being built. */
public interface EntrySink {
    /** Index of the next entry. */
    long next();

    /**
     * Adds an entry.
     *
     * @param entry at most 65,535 bytes; copied
     * @throws IllegalArgumentException if it is larger; nothing is added
     */
    void add(byte[] entry);

    /** The positions as of this commit. */
    void positions(Positions positions);
}
