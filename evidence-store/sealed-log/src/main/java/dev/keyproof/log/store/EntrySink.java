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

    /**
     * Adds an entry of which the caller knows the leaf hash, so that it is not computed in the commit turn.
     *
     * @param leaves holds the hash from byte {@code at} on
     * @throws IllegalArgumentException if the entry is larger than 65,535 bytes; nothing is added
     */
    void add(byte[] entry, byte[] leaves, int at);

    /** The positions as of this commit. */
    void positions(Positions positions);
}
