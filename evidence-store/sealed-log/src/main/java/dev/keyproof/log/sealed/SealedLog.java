package dev.keyproof.log.sealed;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.FsckReport;
import dev.keyproof.log.Immutability;
import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.LogPoisonedException;
import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.Committed;
import dev.keyproof.log.store.FolderLock;
import dev.keyproof.log.store.Heads;
import dev.keyproof.log.store.Identity;
import dev.keyproof.log.store.ImmutableSegments;
import dev.keyproof.log.store.LogStore;
import dev.keyproof.log.store.StoreCheck;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TileHashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A log that proves what it holds. One writing process per folder; safe for many threads.
 *
 * <p>The folder can be served as it is to any C2SP tlog-tiles client: {@code checkpoint}, {@code tile/...}, {@code tile/entries/...}.
 * Those files are derived, made when a checkpoint is published; the log itself is in {@code store/}.
 */
public final class SealedLog implements AutoCloseable {
    /** Bytes that the positions of an append may have. */
    public static final int MAX_POSITIONS = 1920;

    private static final String KIND = "log";
    private static final String NO_EPOCH = "-";

    private final Path dir;
    private final Identity identity;
    private final LogOptions options;
    private final LogStore store;
    private final Heads heads;
    private final Publisher publisher;
    private final ImmutableSegments immutable;
    private final SealedEntries reader;
    private final Object reading = new Object();
    /** Of the last publication of this object. */
    private volatile Optional<Published> published = Optional.empty();
    /** A digest costs a tenth of what it hashes to make. */
    private final ThreadLocal<TreeHasher> hashers = ThreadLocal.withInitial(TreeHasher::new);

    private SealedLog(
            Path dir, Identity identity, LogOptions options, LogStore store, Heads heads, Publisher publisher) {
        this.dir = dir;
        this.identity = identity;
        this.options = options;
        this.store = store;
        this.heads = heads;
        this.publisher = publisher;
        this.immutable = new ImmutableSegments(store.layout(), options.immutable());
        this.reader = new SealedEntries(store.layout(), new TileFolder(dir));
    }

    /**
     * Opens the log in a folder, made if it is not there, recovers it to its last valid commit and brings the derived files to the last
     * signed head.
     *
     * @param origin first line of every checkpoint, without spaces or plus
     * @throws LogException if another process writes it, it has another origin, it is damaged below what was signed, or it cannot be
     *     read or written
     */
    public static SealedLog open(Path dir, String origin, LogOptions options) throws LogException {
        if (origin.isEmpty() || origin.codePoints().anyMatch(c -> c == '+' || c < 0x21)) {
            throw new IllegalArgumentException("not an origin: " + origin);
        }
        StoreLayout layout = layout(dir);
        FolderLock lock = FolderLock.take(layout);
        try {
            if (!layout.exists()) {
                LogStore.create(layout, new Identity(KIND, origin, NO_EPOCH));
            }
            Identity identity = identity(layout);
            if (!identity.name().equals(origin)) {
                throw new LogException(dir + " holds the log " + identity.name() + ", not " + origin);
            }
            Heads heads = Heads.open(layout, origin);
            LogStore store = LogStore.open(layout, lock, options, heads.signedSize());
            heads.attach(store);
            Publisher publisher = new Publisher(dir, layout, heads);
            SealedLog log = new SealedLog(dir, identity, options, store, heads, publisher);
            log.resume();
            return log;
        } catch (LogException e) {
            lock.close();
            throw e;
        }
    }

    private void resume() throws LogException {
        try {
            publisher.resume();
            immutable.signed(heads.signedSize());
        } catch (LogException e) {
            close();
            throw e;
        }
    }

    static StoreLayout layout(Path dir) {
        return new StoreLayout(dir.resolve("store"));
    }

    static Identity identity(StoreLayout layout) throws LogException {
        Identity identity = Identity.read(layout);
        if (!identity.kind().equals(KIND) || !identity.epoch().equals(NO_EPOCH)) {
            throw new LogCorruptException(layout.dir() + " holds no sealed log");
        }
        return identity;
    }

    /** First line of every checkpoint. */
    public String origin() {
        return identity.name();
    }

    /** Durable entries. */
    public long size() {
        return store.committed().size();
    }

    /** Merkle root over the durable entries. */
    public Hash root() {
        return store.committed().root();
    }

    /** What the last durable append gave as its positions; empty at first. */
    public byte[] positions() {
        return store.committed().positions().bytes();
    }

    /**
     * Appends entries together with the caller's positions in its sources: after a crash either all of both are there or nothing. Waits
     * while too much is queued. The future completes on a thread of the log when they are on disk, or fails with
     * {@link LogFullException} or {@link LogPoisonedException}: continue elsewhere if that is long, and never wait for another append
     * there.
     *
     * @param entries at most 65,535 bytes each and, with two bytes more for each, {@link LogOptions#batchBytes} in all; may be empty,
     *     to store positions only; not changed until the future completes
     * @param positions opaque, at most {@link #MAX_POSITIONS} bytes
     * @throws IllegalArgumentException if one of them is too large
     */
    public CompletableFuture<EntryRange> append(List<byte[]> entries, byte[] positions) {
        long bytes = 0;
        for (byte[] entry : entries) {
            if (entry.length > EntryBundle.MAX_ENTRY) {
                throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
            }
            bytes += entry.length;
        }
        if (bytes + (long) entries.size() * EntryBundle.PREFIX > options.batchBytes()) {
            throw new IllegalArgumentException(
                    "an append has at most " + options.batchBytes() + " bytes, not " + bytes);
        }
        if (positions.length > MAX_POSITIONS) {
            throw new IllegalArgumentException("positions have at most 1920 bytes, not " + positions.length);
        }
        SealedAppend append = new SealedAppend(entries, (int) bytes, positions, hashers.get());
        store.append(append, (int) bytes);
        return append.future();
    }

    /**
     * One durable entry.
     *
     * @throws LogCorruptException if it is not what was sealed, naming its place
     * @throws LogException if there is none or it cannot be read
     */
    public byte[] entry(long index) throws LogException {
        List<byte[]> one = read(index, 1);
        if (one.isEmpty()) {
            throw new LogException(dir + " has no entry " + index);
        }
        return one.getFirst();
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}.
     *
     * @throws LogCorruptException naming the first entry that is not what was sealed, and its place
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        synchronized (reading) {
            return reader.read(from, max, size(), heads.last());
        }
    }

    /**
     * Publishes a checkpoint over all durable entries: reads back what is new since the last one, makes its tiles and bundles, checks
     * that the new tree extends the last signed one, signs, stores the signed head, and only then replaces {@code checkpoint}.
     *
     * @param signers at least one; in the order of the signature lines
     * @return the new head, or the last one if nothing is new
     * @throws LogException if a signer fails, something cannot be written, or the tree does not extend the last signed one
     */
    public SignedHead publish(List<? extends NoteSigner> signers) throws LogException {
        Committed committed = store.committed();
        SignedHead head = publisher.publish(committed, signers);
        published = published(head, committed);
        immutable.signed(head.size());
        return head;
    }

    /** Whether sealed segments are kept from being changed. */
    public Immutability immutability() {
        return immutable.state();
    }

    /**
     * Lets the files in a log's folder be changed and deleted again, if they were made immutable.
     *
     * @return how many were
     * @throws LogException if that is not permitted
     */
    public static int release(Path dir) throws LogException {
        return ImmutableSegments.release(layout(dir));
    }

    /** The head signed last. */
    public Optional<SignedHead> lastHead() {
        return heads.last();
    }

    /** A head, and the positions that were committed with the last of its entries, or after it and before the next. */
    public record Published(SignedHead head, byte[] positions) {}

    /** The last head with its positions; empty if none is signed, or, after a crash, if it is not known which belong to it. */
    public Optional<Published> lastPublished() {
        Optional<Published> known = published;
        return known.isPresent() ? known : heads.last().flatMap(head -> published(head, store.committed()));
    }

    private static Optional<Published> published(SignedHead head, Committed committed) {
        return head.size() == committed.size()
                ? Optional.of(new Published(head, committed.positions().bytes()))
                : Optional.empty();
    }

    /**
     * Proves an entry in the tree of a published size.
     *
     * @throws LogException if that size is not published or the tiles cannot be read
     */
    public InclusionProof inclusionProof(long index, long size) throws LogException {
        return InclusionProof.of(index, size, hashes(size));
    }

    /**
     * Proves that one published tree is the beginning of another.
     *
     * @throws LogException if the larger is not published or the tiles cannot be read
     */
    public ConsistencyProof consistencyProof(long from, long to) throws LogException {
        return ConsistencyProof.of(from, to, hashes(to));
    }

    private TileHashes hashes(long size) throws LogException {
        if (size > heads.signedSize()) {
            throw new LogException(
                    "no checkpoint over " + size + " entries is published, the last one is over " + heads.signedSize());
        }
        return new TileHashes(new TileFolder(dir), size);
    }

    /**
     * Checks everything in the folder against everything else. The log must not be open.
     *
     * @param verifiers keys each of which must have signed each head; empty to check no signature
     * @throws LogException if it is no log, or is open elsewhere
     */
    public static FsckReport fsck(Path dir, List<NoteVerifier> verifiers) throws LogException {
        StoreLayout layout = layout(dir);
        Identity identity = identity(layout);
        try (FolderLock lock = FolderLock.take(layout)) {
            PublishedCheck published = new PublishedCheck(dir, layout, Heads.read(layout));
            FsckReport report =
                    StoreCheck.of(layout, identity.name(), verifiers).run(lock, published::entry);
            List<String> faults = new ArrayList<>(report.faults());
            faults.addAll(published.finish());
            return new FsckReport(report.size(), report.signedSize(), faults);
        }
    }

    /**
     * Makes all derived files anew from the log, after proving that it leads to the root of the last signed head. The log must not be
     * open.
     *
     * @return size of the tree that was made again
     * @throws LogException if the log does not lead to the signed root, is open elsewhere, or files cannot be written
     */
    public static long rebuild(Path dir) throws LogException {
        StoreLayout layout = layout(dir);
        Identity identity = identity(layout);
        try (FolderLock lock = FolderLock.take(layout);
                Heads heads = Heads.open(layout, identity.name());
                Publisher publisher = new Publisher(dir, layout, heads)) {
            return publisher.rebuild(lock);
        }
    }

    /** Finishes what was appended and releases the folder. */
    @Override
    public void close() throws LogException {
        store.close();
        publisher.close();
        heads.close();
        synchronized (reading) {
            reader.close();
        }
    }
}
