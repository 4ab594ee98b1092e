package dev.keyproof.log.journal;

import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.store.StoreReader;
import java.nio.file.Path;
import java.util.List;

/**
 * Follows a journal, also one that another process is writing; sees durable entries only and never writes. Not for several threads.
 */
public final class JournalReader implements AutoCloseable {
    private final StoreReader store;

    private JournalReader(StoreReader store) {
        this.store = store;
    }

    /**
     * Opens the journal in a folder.
     *
     * @throws LogException if there is none yet, or it cannot be read
     */
    public static JournalReader open(Path dir) throws LogException {
        StoreReader store = StoreReader.open(new StoreLayout(dir));
        if (!store.identity().kind().equals("journal")) {
            store.close();
            throw new LogException(dir + " holds no journal");
        }
        return new JournalReader(store);
    }

    /** True if there is a journal to open in the folder; false while its writer has not made it yet. */
    public static boolean exists(Path dir) {
        return new StoreLayout(dir).exists();
    }

    public String source() {
        return store.identity().name();
    }

    public String epoch() {
        return store.identity().epoch();
    }

    /** Entries that are on disk for good; grows while the writer lives. */
    public long durableSize() {
        return store.durableSize();
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}; empty at the end. Reading on where the last call
     * ended is cheap.
     *
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        return store.read(from, max);
    }

    /**
     * Signed heads whose size is larger than {@code size}, oldest first. Their signatures are not checked here.
     *
     * @throws LogException if they cannot be read
     */
    public List<SignedHead> headsAfter(long size) throws LogException {
        return store.headsAfter(size);
    }

    @Override
    public void close() throws LogException {
        store.close();
    }
}
