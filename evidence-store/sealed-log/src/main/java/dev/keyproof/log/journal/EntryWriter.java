package dev.keyproof.log.journal;

/** Makes an entry's bytes when its number and the previous hash are known. Runs in the commit turn: short, and without waiting. */
@FunctionalInterface
public interface EntryWriter {
    /**
     * The entry, whose own bytes carry what is given here.
     *
     * @param source of the journal
     * @param epoch of the journal, a ULID
     * @param sequence number of this entry, from 0 without gaps
     * @param previousHex SHA-256 of the entry before as 64 hex digits; zeros for the first
     * @return at most 65,535 bytes; not changed afterwards
     * @throws Exception to withdraw this append: its future fails with it, and the number goes to the next
     */
    byte[] entry(String source, String epoch, long sequence, String previousHex) throws Exception;
}
