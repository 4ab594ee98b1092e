package dev.keyproof.log.sealed;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.store.StoreReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads a sealed log without writing to its folder: one that another process writes, or one that is damaged and cannot be opened for
 * writing. What is not as it was sealed is refused, the rest is served. Not for several threads.
 */
public final class SealedLogReader implements AutoCloseable {
    private final StoreReader store;
    private final SealedEntries entries;

    private SealedLogReader(StoreReader store, SealedEntries entries) {
        this.store = store;
        this.entries = entries;
    }

    /**
     * Opens the log in a folder.
     *
     * @throws LogException if there is none, or it cannot be read
     */
    public static SealedLogReader open(Path dir) throws LogException {
        StoreLayout layout = SealedLog.layout(dir);
        SealedLog.identity(layout);
        return new SealedLogReader(StoreReader.open(layout), new SealedEntries(layout, new TileFolder(dir)));
    }

    /** First line of every checkpoint. */
    public String origin() {
        return store.identity().name();
    }

    /** Entries that are on disk for good; grows while the writer lives. */
    public long durableSize() {
        return store.durableSize();
    }

    /**
     * The head signed last, as it is stored; whether it is signed by a known key is the caller's question.
     *
     * @throws LogException if a stored head is damaged
     */
    public Optional<SignedHead> lastHead() throws LogException {
        return store.lastHead();
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}.
     *
     * @throws LogCorruptException naming the first entry that is not what was sealed, and its place
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        return entries.read(from, max, durableSize(), lastHead());
    }

    @Override
    public void close() throws LogException {
        store.close();
        entries.close();
    }
}
