package dev.keyproof.log.journal;

import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A durable record of what happened, in order. One writing process per folder; safe for many threads.
 *
 * <p>An append completes when its entry is on disk (fdatasync). It fails with {@link JournalFullException} when there is no room (try
 * again later), with {@link dev.keyproof.log.LogPoisonedException} after a failed write (restart), or with what its writer threw.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Journal implements AutoCloseable {
    private Journal() {}

    /**
     * Opens the journal in a folder, made if it is not there, and recovers it to its last valid commit.
     *
     * @throws LogException if another process writes it, it belongs to another source, it is damaged below what was signed, or it
     *     cannot be read or written
     */
    public static Journal open(Path dir, String source, JournalOptions options) throws LogException {
        throw new UnsupportedOperationException(dir + source + options);
    }

    /** Name given when it was made, also part of each head's origin. */
    public String source() {
        throw new UnsupportedOperationException();
    }

    /** ULID made with the journal. */
    public String epoch() {
        throw new UnsupportedOperationException();
    }

    /** Durable entries. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** {@code keyproof/journal/SOURCE/EPOCH}. */
    public String origin() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends the entry that the writer makes. Completes on the journal's own thread: continue elsewhere if it is long.
     */
    public CompletableFuture<JournalPosition> append(EntryWriter writer) {
        throw new UnsupportedOperationException(writer.toString());
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}.
     *
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        throw new UnsupportedOperationException("" + from + max);
    }

    /**
     * Signs the head over all durable entries, if there are more than the last head covers. The entries since then are read back from
     * disk and must lead from the last head's tree to the new one; the new head is durable before it is returned.
     *
     * @return empty if there is nothing new
     * @throws LogException if it cannot be signed, read, or stored
     */
    public Optional<SignedHead> signHead(NoteSigner signer) throws LogException {
        throw new UnsupportedOperationException(signer.name());
    }

    /** The head signed last. */
    public Optional<SignedHead> lastHead() {
        throw new UnsupportedOperationException();
    }

    /** Finishes what was appended and releases the folder. */
    @Override
    public void close() throws LogException {
        throw new UnsupportedOperationException();
    }
}
