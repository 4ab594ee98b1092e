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

    private final Path dir;
    private final Heads heads;
    private final EntryCursor cursor;
    private TileWriter writer;
    private @Nullable TileTree tree;

    Publisher(Path dir, StoreLayout layout, Heads heads) {
        this.dir = dir;
        this.heads = heads;
        this.cursor = new EntryCursor(layout);
        this.writer = new TileWriter(dir);
    }

    /** Brings the derived files to the last signed head. */
    synchronized void resume() throws LogException {
        long signed = heads.signedSize();
        long from = Math.max(0, StoreLayout.lastWhole(signed) - StoreLayout.SEGMENT_ENTRIES);
        TileTree resumed = from > 0 ? resume(from, signed) : null;
        if (resumed == null) {
            resumed = replay(TileTree.empty(writer), signed);
        }
        if (!resumed.root().equals(heads.tree().root())) {
            throw new LogCorruptException(
                    dir + ": the entries do not lead to the root of the last signed head, over " + signed);
        }
        resumed.edge();
        new PartialTiles(dir, signed).settle();
        writer.removeSuperseded();
        checkpoint();
        tree = resumed;
    }

    /** Null if the published tiles do not lead to the signed root; then all are made anew. */
    private @Nullable TileTree resume(long from, long signed) throws LogException {
        try {
            TileTree resumed = replay(TileTree.resume(writer, from, new TileFolder(dir)), signed);
            if (resumed.root().equals(heads.tree().root())) {
                return resumed;
            }
            LOG.log(System.Logger.Level.WARNING, dir + ": tiles do not lead to the signed root, all are made anew");
        } catch (LogException e) {
            LOG.log(System.Logger.Level.WARNING, dir + ": tiles are missing, all are made anew: " + e.getMessage());
        }
        return null;
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
        TileTree proof = replay(TileTree.empty((path, content, length) -> {}), signed);
        if (!proof.root().equals(heads.tree().root())) {
            throw new LogCorruptException(dir + ": the entries do not lead to the root of the last signed head, over "
                    + signed + "; nothing was changed");
        }
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
