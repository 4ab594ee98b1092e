package dev.keyproof.log.store;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The signed heads of the log that this process writes. A head is released only after it is stored, and only if it extends the last. */
public final class Heads implements AutoCloseable {
    private final StoreLayout layout;
    private final String origin;
    private final HeadFile file;
    private HeadFile.@Nullable Head last;
    private @Nullable LogStore store;

    private Heads(StoreLayout layout, String origin, HeadFile file, HeadFile.@Nullable Head last) {
        this.layout = layout;
        this.origin = origin;
        this.file = file;
        this.last = last;
    }

    /**
     * Opens them, before the log itself: what was signed bounds recovery.
     *
     * @throws LogException if they are damaged or another log's
     */
    public static Heads open(StoreLayout layout, String origin) throws LogException {
        DurableMark mark = mark(layout);
        HeadFile.Head last =
                HeadFile.last(layout.heads(), mark.headPlaces(), Long.MAX_VALUE).orElse(null);
        long end = last == null ? 0 : last.end();
        if (end < mark.headsEnd()) {
            throw new LogCorruptException(
                    layout.heads() + ": the signed head at byte " + end + " is damaged, although it was released");
        }
        if (last != null) {
            SignedHead signed = last.signed();
            if (!signed.checkpoint().origin().equals(origin)) {
                throw new LogCorruptException(
                        layout.heads() + " has heads of " + signed.checkpoint().origin());
            }
            if (!last.tree().root().equals(signed.checkpoint().root())) {
                throw new LogCorruptException(layout.heads() + ": the last head's tree has another root");
            }
        }
        try {
            return new Heads(layout, origin, HeadFile.open(layout.heads(), last), last);
        } catch (IOException e) {
            throw new LogException("cannot open " + layout.heads(), e);
        }
    }

    /** Up to where heads were released, as far as is known: after a crash of the machine it may be less than was. */
    private static DurableMark mark(StoreLayout layout) throws LogException {
        try {
            return DurableMark.read(layout.durable());
        } catch (IOException e) {
            throw new LogException("cannot read " + layout.durable(), e);
        }
    }

    /** The last head as it is stored; changes nothing. */
    public static Optional<SignedHead> read(StoreLayout layout) {
        try {
            return HeadFile.last(layout.heads(), mark(layout).headPlaces(), Long.MAX_VALUE)
                    .map(HeadFile.Head::signed);
        } catch (LogException e) {
            // Whoever asks also checks the file, and reports what is wrong with it.
            return Optional.empty();
        }
    }

    /** The log is open; readers may see what is signed. */
    public synchronized void attach(LogStore opened) {
        store = opened;
        if (last == null) {
            opened.mark().headsEnd(0);
        } else {
            opened.mark().released(last.begin(), last.end());
        }
    }

    public synchronized Optional<SignedHead> last() {
        return Optional.ofNullable(last).map(HeadFile.Head::signed);
    }

    /** Size of the last head, 0 if there is none. */
    public synchronized long signedSize() {
        return last == null ? 0 : last.signed().size();
    }

    /** The tree of the last head; empty if there is none. */
    public synchronized CompactRange tree() {
        return last == null ? new CompactRange() : last.tree();
    }

    /**
     * Signs and stores a head.
     *
     * @param grown the tree that was reached from {@link #tree()} by the entries read back from disk
     * @param committed what the log says that it holds at that size
     * @throws LogException if the two differ, or it cannot be signed or stored
     */
    public synchronized SignedHead sign(CompactRange grown, Committed committed, List<? extends NoteSigner> signers)
            throws LogException {
        Hash root = grown.root();
        if (grown.size() != committed.size() || !root.equals(committed.root())) {
            throw new LogCorruptException(layout.dir() + ": entries " + signedSize() + " to " + committed.size()
                    + " as they are on disk do not lead from the last signed head to the log's root; nothing signed");
        }
        Checkpoint checkpoint = new Checkpoint(origin, grown.size(), root);
        SignedHead head = new SignedHead(checkpoint, SignedNote.sign(checkpoint.text(), signers));
        HeadFile.Head stored = file.append(head, grown.nodes());
        last = stored;
        if (store != null) {
            store.mark().released(stored.begin(), stored.end());
        }
        return head;
    }

    @Override
    public synchronized void close() throws LogException {
        store = null;
        try {
            file.close();
        } catch (IOException e) {
            throw new LogException("cannot close " + layout.heads(), e);
        }
    }
}
