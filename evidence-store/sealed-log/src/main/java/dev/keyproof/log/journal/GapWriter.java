package dev.keyproof.log.journal;

/** Makes the one entry that says how many appends were refused while the disk was full. Runs in the commit turn. */
@FunctionalInterface
public interface GapWriter {
    /**
     * The gap entry; it comes before the first entry that is taken again.
     *
     * @param refused appends refused since the last entry
     * @return at most 65,535 bytes
     * @throws Exception to withdraw it; the count is kept for the next attempt
     */
    byte[] entry(String source, String epoch, long sequence, String previousHex, long refused) throws Exception;
}
