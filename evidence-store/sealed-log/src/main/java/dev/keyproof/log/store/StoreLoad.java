package dev.keyproof.log.store;

/**
 * What a store has done and has to do.
 *
 * @param commits how many commits it has seen since it was made
 * @param entries durable entries
 * @param forcedNanos time in which entries and commits were written and forced to disk, since it was opened
 * @param waiting appends that wait for their commit
 */
public record StoreLoad(long commits, long entries, long forcedNanos, int waiting) {}
