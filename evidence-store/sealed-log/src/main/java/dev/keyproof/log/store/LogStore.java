package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.LogPoisonedException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store.
 *
 * <p>A commit passes three places, each held by one thread at a time: it is built (<em>the commit turn</em>: numbers, callbacks,
 * hashes), its entries are written and forced, its slot is written and forced. A thread takes the next place before it leaves the last,
 * so commits stay in order, while three of them are under way. What arrives while a commit waits for the disk joins it, and one of
 * few bytes waits until nothing else is under way: what a commit costs is then shared by more.
 */
public final class LogStore implements AutoCloseable {
    private static final int PLACES = 3;
    /** Bytes that may wait, in batches. */
    private static final int WAITING_BATCHES = 8;
    /** Bytes of a commit whose writing takes longer than what it costs to begin one. */
    private static final int WORTH_OVERLAPPING = 64 << 10;

    private final StoreLayout layout;
    private final FolderLock lock;
    private final LogOptions options;
    private final CommitFile commits;
    private final DurableMark mark;
    private final Room room;
    private final Queue queue;
    private final Builder builder;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock buildPlace = new ReentrantLock();
    private final ReentrantLock entriesPlace = new ReentrantLock();
    private final ReentrantLock slotPlace = new ReentrantLock();

    private final LongAdder forced = new LongAdder();

    private volatile Committed committed;
    private volatile @Nullable Throwable poison;
    private volatile boolean closed;
    private volatile boolean ended;

    private LogStore(StoreLayout layout, FolderLock lock, LogOptions options, Committed last) throws IOException {
        this.layout = layout;
        this.lock = lock;
        this.options = options;
        this.committed = last;
        this.commits = CommitFile.open(layout.commits());
        this.mark = DurableMark.write(layout.durable());
        this.mark.size(last.size());
        this.room = new Room(layout, options, last);
        this.queue = new Queue(WAITING_BATCHES * options.batchBytes());
        this.builder = new Builder(queue, room, last);
    }

    /**
     * Makes an empty store, identity last.
     *
     * @throws LogException if it cannot be made
     */
    public static void create(StoreLayout layout, Identity identity) throws LogException {
        try {
            Files.createDirectories(layout.segments());
            CommitFile.create(layout.commits());
            HeadFile.create(layout.heads());
            Disk.replace(layout.durable(), new byte[DurableMark.BYTES]);
            Disk.forceFolder(layout.dir());
            identity.write(layout);
        } catch (IOException e) {
            throw new LogException("cannot make a log in " + layout.dir(), e);
        }
    }

    /**
     * Opens a store that is there, recovered, under a lock that the store then owns.
     *
     * @param signed size of the last signed head, below which nothing may be missing
     * @throws LogException if it cannot be recovered
     */
    public static LogStore open(StoreLayout layout, FolderLock lock, LogOptions options, long signed)
            throws LogException {
        Committed last = Recovery.recover(layout, signed);
        try {
            LogStore store = new LogStore(layout, lock, options, last);
            store.start();
            return store;
        } catch (IOException e) {
            throw new LogException("cannot open " + layout.dir(), e);
        }
    }

    private void start() {
        room.start();
        for (int i = 0; i < PLACES; i++) {
            Thread thread = new Thread(this::work, "log-commit-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    public StoreLayout layout() {
        return layout;
    }

    /** The last durable commit. */
    public Committed committed() {
        return committed;
    }

    DurableMark mark() {
        return mark;
    }

    /** How much it has done, and has to do. */
    public StoreLoad load() {
        Committed last = committed;
        return new StoreLoad(last.sequence(), last.size(), forced.sum(), queue.size());
    }

    /** Queues an append; waits while too much is queued. Afterwards exactly one of its outcomes is called. */
    public void append(Append append, int expectedBytes) {
        if (poison != null || closed) {
            append.failed(refusal());
            return;
        }
        queue.put(append, expectedBytes);
        if (ended) {
            // The commit threads may have gone before they saw it.
            queue.failAll(refusal());
        }
    }

    private LogException refusal() {
        Throwable cause = poison;
        return cause == null
                ? new LogException("the log in " + layout.dir() + " is closed")
                : new LogPoisonedException(
                        "the log in " + layout.dir() + " failed to write; restart to recover it", cause);
    }

    private void work() {
        Batch batch = new Batch(options.batchBytes());
        boolean more = true;
        while (more) {
            try {
                more = commit(batch);
            } catch (IOException | RuntimeException | Error e) {
                // Even what should not happen must leave no append waiting, and no commit after it.
                poison(e);
                batch.failed(refusal());
            }
        }
    }

    /** One commit through the three places; false after the last. */
    private boolean commit(Batch batch) throws IOException {
        buildPlace.lock();
        try {
            if (!builder.begin(batch, () -> poison == null ? null : refusal())) {
                return false;
            }
            entriesPlace.lock();
            try {
                if (batch.bytes() < WORTH_OVERLAPPING) {
                    awaitSlotPlace();
                }
                builder.finish(batch);
            } catch (IOException | RuntimeException | Error e) {
                entriesPlace.unlock();
                throw e;
            }
        } finally {
            buildPlace.unlock();
        }
        try {
            healthy();
            long began = System.nanoTime();
            batch.writeEntries();
            forced.add(System.nanoTime() - began);
            slotPlace.lock();
        } finally {
            entriesPlace.unlock();
        }
        try {
            // A commit before this one may have failed in the meantime; then this one must not count either.
            healthy();
            long began = System.nanoTime();
            commits.write(batch.commit());
            commits.force();
            forced.add(System.nanoTime() - began);
            committed = batch.commit();
            mark.size(batch.commit().size());
        } catch (IOException | RuntimeException | Error e) {
            poison(e);
            throw e;
        } finally {
            slotPlace.unlock();
        }
        batch.durable();
        return true;
    }

    /** Until the commit before this one is durable, which left the place of the entries for that of the slot. */
    private void awaitSlotPlace() throws IOException {
        slotPlace.lock();
        try {
            healthy();
        } finally {
            slotPlace.unlock();
        }
    }

    private synchronized void poison(Throwable cause) {
        if (poison == null) {
            poison = cause;
        }
    }

    private void healthy() throws IOException {
        if (poison != null) {
            throw new IOException("an earlier commit failed", poison);
        }
    }

    /** Commits what is queued and releases the folder; segments are cut to what they hold. */
    @Override
    public void close() throws LogException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        queue.end();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        ended = true;
        queue.failAll(refusal());
        try (lock;
                commits;
                room) {
            room.stop();
            if (poison == null && room.current().first() == StoreLayout.first(committed.size())) {
                room.current().cut(committed.end());
                room.current().force();
            }
            room.current().close();
        } catch (IOException e) {
            throw new LogException("cannot close the log in " + layout.dir(), e);
        }
    }
}
