package dev.keyproof.log.journal;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.Committed;
import dev.keyproof.log.store.EntryCursor;
import dev.keyproof.log.store.FolderLock;
import dev.keyproof.log.store.Heads;
import dev.keyproof.log.store.Identity;
import dev.keyproof.log.store.LogStore;
import dev.keyproof.log.store.StoreCheck;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.store.StoreLoad;
import dev.keyproof.log.store.StoreReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A durable record of what happened, in order. One writing process per folder; safe for many threads.
 *
 * <p>An append completes when its entry is on disk (fdatasync). It fails with {@link JournalFullException} when there is no room (try
 * again later), with {@link dev.keyproof.log.LogPoisonedException} after a failed write (restart), or with what its writer threw.
 */
public final class Journal implements AutoCloseable {
    private static final String KIND = "journal";
    private static final String SOURCE = "[A-Za-z0-9._-]{1,100}";

    private final Identity identity;
    private final LogStore store;
    private final Heads heads;
    private final Optional<GapWriter> gapWriter;
    private final Chain chain = new Chain();
    private final AtomicLong refused = new AtomicLong();

    /** Reads back what a head will cover; only under {@link #signing}. */
    private final EntryCursor signed;

    private final Object signing = new Object();
    private final EntryCursor reader;
    private final Object reading = new Object();

    private Journal(Identity identity, LogStore store, Heads heads, JournalOptions options) {
        this.identity = identity;
        this.store = store;
        this.heads = heads;
        this.gapWriter = options.gapWriter();
        this.signed = new EntryCursor(store.layout());
        this.reader = new EntryCursor(store.layout());
    }

    /**
     * Opens the journal in a folder, made if it is not there, and recovers it to its last valid commit.
     *
     * @param source letters, digits, dots, dashes, underscores; at most 100
     * @throws LogException if another process writes it, it belongs to another source, it is damaged below what was signed, or it
     *     cannot be read or written
     */
    public static Journal open(Path dir, String source, JournalOptions options) throws LogException {
        if (!source.matches(SOURCE)) {
            throw new IllegalArgumentException("not a source: " + source);
        }
        StoreLayout layout = new StoreLayout(dir);
        FolderLock lock = FolderLock.take(layout);
        try {
            if (!layout.exists()) {
                String epoch = Ulid.make(Clock.systemUTC(), new SecureRandom());
                LogStore.create(layout, new Identity(KIND, source, epoch));
            }
            Identity identity = Identity.read(layout);
            if (!identity.kind().equals(KIND) || !identity.name().equals(source)) {
                throw new LogException(
                        dir + " holds the " + identity.kind() + " " + identity.name() + ", not the journal " + source);
            }
            Heads heads = Heads.open(layout, origin(identity));
            LogStore store = LogStore.open(layout, lock, options.log(), heads.signedSize());
            heads.attach(store);
            Journal journal = new Journal(identity, store, heads, options);
            journal.resume();
            return journal;
        } catch (LogException e) {
            lock.close();
            throw e;
        }
    }

    private void resume() throws LogException {
        long size = store.committed().size();
        if (size > 0) {
            chain.follow(read(size - 1, 1).getFirst());
        }
    }

    /** Name given when it was made, also part of each head's origin. */
    public String source() {
        return identity.name();
    }

    /** ULID made with the journal. */
    public String epoch() {
        return identity.epoch();
    }

    /** Durable entries. */
    public long size() {
        return store.committed().size();
    }

    /** {@code keyproof/journal/SOURCE/EPOCH}. */
    public String origin() {
        return origin(identity);
    }

    private static String origin(Identity identity) {
        return "keyproof/journal/" + identity.name() + "/" + identity.epoch();
    }

    /** How much it has written, and has to write. */
    public StoreLoad load() {
        return store.load();
    }

    /** Appends refused for want of room since the last gap entry. */
    public long refused() {
        return refused.get();
    }

    /**
     * Appends the entry that the writer makes; waits while too much is queued. The future completes on a thread of the journal:
     * continue elsewhere if that is long, and never wait for another append there.
     */
    public CompletableFuture<JournalPosition> append(EntryWriter writer) {
        JournalAppend append = new JournalAppend(identity, chain, gapWriter, refused, writer);
        store.append(append, JournalAppend.EXPECTED_BYTES);
        return append.future();
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}.
     *
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        synchronized (reading) {
            return StoreReader.read(reader, from, max, size());
        }
    }

    /**
     * Signs the head over all durable entries, if there are more than the last head covers. The entries since then are read back from
     * disk and must lead from the last head's tree to the new one; the new head is durable before it is returned.
     *
     * @return empty if there is nothing new
     * @throws LogException if it cannot be signed, read, or stored
     */
    public Optional<SignedHead> signHead(NoteSigner signer) throws LogException {
        synchronized (signing) {
            Committed committed = store.committed();
            CompactRange tree = heads.tree();
            if (committed.size() == tree.size()) {
                return Optional.empty();
            }
            signed.refresh();
            signed.seek(tree.size());
            while (tree.size() < committed.size()) {
                signed.next();
                tree.append(signed.array(), signed.at(), signed.length());
            }
            return Optional.of(heads.sign(tree, committed, List.of(signer)));
        }
    }

    /** The head signed last. */
    public Optional<SignedHead> lastHead() {
        return heads.last();
    }

    /**
     * Checks everything in a journal's folder against everything else. The journal must not be open.
     *
     * @param verifiers keys of which one must have signed each head; empty to check no signature
     * @throws LogException if it is no journal, or is open elsewhere
     */
    public static FsckReport fsck(Path dir, List<NoteVerifier> verifiers) throws LogException {
        StoreLayout layout = new StoreLayout(dir);
        Identity identity = Identity.read(layout);
        if (!identity.kind().equals(KIND)) {
            throw new LogCorruptException(dir + " holds no journal");
        }
        try (FolderLock lock = FolderLock.take(layout)) {
            return StoreCheck.of(layout, origin(identity), verifiers).run(lock);
        }
    }

    /** Finishes what was appended and releases the folder. */
    @Override
    public void close() throws LogException {
        store.close();
        synchronized (signing) {
            heads.close();
            signed.close();
        }
        synchronized (reading) {
            reader.close();
        }
    }
}
