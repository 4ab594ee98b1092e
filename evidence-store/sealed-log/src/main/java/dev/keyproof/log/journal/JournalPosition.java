package dev.keyproof.log.journal;

/**
 * Where an entry stands.
 *
 * @param source of the journal
 * @param epoch of the journal
 * @param sequence number of the entry, from 0
 */
public record JournalPosition(String source, String epoch, long sequence) {
    /** {@code source/epoch/sequence}, as answers carry it. */
    @Override
    public String toString() {
        return source + "/" + epoch + "/" + sequence;
    }
}
