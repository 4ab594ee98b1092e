package dev.keyproof.log.journal;

import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import java.nio.file.Path;
import java.util.List;

/**
 * Follows a journal, also one that another process is writing; sees durable entries only and never writes. Not for several threads.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class JournalReader implements AutoCloseable {
    private JournalReader() {}

    /**
     * Opens the journal in a folder.
     *
     * @throws LogException if there is none yet, or it cannot be read
     */
    public static JournalReader open(Path dir) throws LogException {
        throw new UnsupportedOperationException(dir.toString());
    }

    /** True if there is a journal to open in the folder; false while its writer has not made it yet. */
    public static boolean exists(Path dir) {
        throw new UnsupportedOperationException(dir.toString());
    }

    public String source() {
        throw new UnsupportedOperationException();
    }

    public String epoch() {
        throw new UnsupportedOperationException();
    }

    /**
     * Entries that are on disk for good; grows while the writer lives.
     *
     * @throws LogException if it cannot be read
     */
    public long durableSize() throws LogException {
        throw new UnsupportedOperationException();
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}; empty at the end. Reading on where the last call
     * ended is cheap.
     *
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        throw new UnsupportedOperationException("" + from + max);
    }

    /**
     * Signed heads whose size is larger than {@code size}, oldest first. Their signatures are not checked here.
     *
     * @throws LogException if they cannot be read
     */
    public List<SignedHead> headsAfter(long size) throws LogException {
        throw new UnsupportedOperationException("" + size);
    }

    @Override
    public void close() throws LogException {
        throw new UnsupportedOperationException();
    }
}
