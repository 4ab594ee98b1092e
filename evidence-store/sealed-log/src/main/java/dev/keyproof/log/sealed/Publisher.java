package dev.keyproof.log.sealed;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.Committed;
import dev.keyproof.log.store.Disk;
import dev.keyproof.log.store.EntryCursor;
import dev.keyproof.log.store.FolderLock;
import dev.keyproof.log.store.Heads;
import dev.keyproof.log.store.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the derived files. Their tree always stands at the last signed head, or is put together again from it: full tiles are forced a
 * segment at a time, and whatever lies in the last two segments is made again and compared when the log is opened.
 */
final class Publisher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Publisher.class.getName());

    private static final TileSink NOWHERE = (path, content, length) -> {};

    private final Path dir;
    private final StoreLayout layout;
    private final Heads heads;
    private final EntryCursor cursor;
    private TileWriter writer;
    private @Nullable TileTree tree;
    /** False until the first publication after {@link #resume()}, which meets what an unfinished one left further on. */
    private boolean settled;

    Publisher(Path dir, StoreLayout layout, Heads heads) {
        this.dir = dir;
        this.layout = layout;
        this.heads = heads;
        this.cursor = new EntryCursor(layout);
        this.writer = new TileWriter(dir);
    }

    /** Brings the derived files to the last signed head. They are touched only when the entries have proven to lead to it. */
    synchronized void resume() throws LogException {
        long signed = heads.signedSize();
        long from = proven(Math.max(0, StoreLayout.lastWhole(signed) - StoreLayout.SEGMENT_ENTRIES), signed);
        TileTree resumed =
                replay(from > 0 ? TileTree.resume(writer, from, new TileFolder(dir)) : TileTree.empty(writer), signed);
        resumed.edge();
        new PartialTiles(dir, signed).settle();
        writer.removeSuperseded();
        checkpoint();
        settled = false;
        tree = resumed;
    }

    /**
     * From where on the published tiles and the entries lead to the signed root: {@code from}, or else 0, and then all are made anew.
     *
     * @throws LogCorruptException if they do from nowhere, naming the first entry that is not what was sealed
     */
    private long proven(long from, long signed) throws LogException {
        if (from > 0) {
            try {
                if (replay(TileTree.resume(NOWHERE, from, new TileFolder(dir)), signed)
                        .root()
                        .equals(heads.tree().root())) {
                    return from;
                }
                LOG.log(System.Logger.Level.WARNING, dir + ": tiles do not lead to the signed root");
            } catch (LogException e) {
                LOG.log(System.Logger.Level.WARNING, dir + ": tiles are missing: " + e.getMessage());
            }
        }
        prove(signed);
        return 0;
    }

    private void prove(long signed) throws LogException {
        if (!replay(TileTree.empty(NOWHERE), signed).root().equals(heads.tree().root())) {
            throw new LogCorruptException(dir + ": the entries do not lead to the root of the last signed head, over "
                    + signed + place() + "; nothing was changed");
        }
    }

    /** Where the first entry is that is not what was sealed, as far as the tiles can tell. */
    private String place() throws LogException {
        try (SealedEntries entries = new SealedEntries(layout, new TileFolder(dir))) {
            return heads.last()
                    .flatMap(head -> entries.firstAltered(head))
                    .map(place -> ": " + place)
                    .orElse("");
        }
    }

    private TileTree replay(TileTree from, long to) throws LogException {
        cursor.refresh();
        cursor.seek(from.size());
        while (from.size() < to) {
            cursor.next();
            from.add(cursor.array(), cursor.at(), cursor.length());
            if (from.size() % StoreLayout.SEGMENT_ENTRIES == 0) {
                writer.force();
            }
        }
        return from;
    }

    /** Publishes what is committed. */
    synchronized SignedHead publish(Committed committed, List<? extends NoteSigner> signers) throws LogException {
        TileTree growing = tree;
        if (growing == null) {
            resume();
            growing = java.util.Objects.requireNonNull(tree);
        }
        Optional<SignedHead> last = heads.last();
        if (last.isPresent() && last.get().size() == committed.size()) {
            return last.get();
        }
        // Unknown until it has succeeded; a failure on the way leaves it to be resumed.
        tree = null;
        replay(growing, committed.size());
        growing.edge();
        if (!settled) {
            new PartialTiles(dir, committed.size()).settle();
            settled = true;
        }
        SignedHead head = heads.sign(growing.range(), committed, signers);
        checkpoint();
        tree = growing;
        writer.removeSuperseded();
        return head;
    }

    private void checkpoint() throws LogException {
        Optional<SignedHead> last = heads.last();
        Path file = dir.resolve("checkpoint");
        try {
            if (last.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            byte[] note = last.get().note().bytes();
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), note)) {
                Disk.replace(file, note);
            }
        } catch (IOException e) {
            throw new LogException("cannot replace " + file, e);
        }
    }

    /** Makes all derived files anew, after the log itself has proven to lead to the signed root. */
    synchronized long rebuild(FolderLock held) throws LogException {
        long signed = heads.signedSize();
        prove(signed);
        try {
            TileWriter.delete(dir.resolve("tile"));
            Files.deleteIfExists(dir.resolve("checkpoint"));
        } catch (IOException e) {
            throw new LogException("cannot remove the derived files in " + dir, e);
        }
        writer = new TileWriter(dir);
        TileTree made = replay(TileTree.empty(writer), signed);
        made.edge();
        writer.force();
        checkpoint();
        tree = made;
        return signed;
    }

    @Override
    public synchronized void close() throws LogException {
        cursor.close();
    }
}
