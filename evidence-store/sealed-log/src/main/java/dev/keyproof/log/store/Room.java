package dev.keyproof.log.store;

import dev.keyproof.log.LogOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps room ahead of the entries. The builder of commits asks for what it needs; a thread of its own goes one preallocation ahead
 * whenever half of the last one is used, in the open segment and then in the next one: seldom, since its writes are forced and the
 * commits wait for the same disk.
 */
final class Room implements AutoCloseable {
    private static final long RETRY_NANOS = 100_000_000L;

    private final StoreLayout layout;
    private final int ahead;
    private final ByteBuffer zeros;
    private final Thread grower = new Thread(this::run, "log-room");

    private volatile SegmentFile current;
    private volatile @Nullable SegmentFile next;
    /** Where the builder is in {@link #current}; written by it alone. */
    private volatile long end;

    private volatile long index;
    private volatile boolean closed;
    private volatile long fullSince;
    private volatile boolean full;

    Room(StoreLayout layout, LogOptions options, Committed last) throws IOException {
        this.layout = layout;
        this.ahead = options.preallocateBytes();
        this.zeros = SegmentFile.zeros(ahead);
        this.current = SegmentFile.open(layout, StoreLayout.first(last.size()), last.end(), zeros);
        this.end = last.end();
        this.index = last.size();
        grower.setDaemon(true);
    }

    void start() {
        grower.start();
    }

    SegmentFile current() {
        return current;
    }

    /** Room for so many more entries of so many bytes (prefixes included), wherever the segment's border falls. */
    void reserve(int entries, int bytes) throws RoomException {
        if (current.allocated() - end < bytes) {
            grow(current, end + bytes);
        }
        long left = current.first() + StoreLayout.SEGMENT_ENTRIES - index;
        if (entries > left) {
            SegmentFile following = following();
            if (following.allocated() < bytes) {
                grow(following, bytes);
            }
        }
    }

    private void grow(SegmentFile segment, long to) throws RoomException {
        // While the disk is full each append would probe it; ten times a second is enough to notice that it no longer
        // is.
        if (full && System.nanoTime() - fullSince < RETRY_NANOS) {
            throw new RoomException("no room to preallocate " + segment.path(), null);
        }
        try {
            segment.grow(to);
            full = false;
        } catch (RoomException e) {
            full = true;
            fullSince = System.nanoTime();
            throw e;
        }
    }

    private synchronized SegmentFile following() throws RoomException {
        SegmentFile made = next;
        if (made == null) {
            try {
                made = SegmentFile.open(layout, current.first() + StoreLayout.SEGMENT_ENTRIES, 0, zeros);
            } catch (IOException e) {
                throw new RoomException("cannot make the segment after " + current.path() + ": " + e.getMessage(), e);
            }
            next = made;
        }
        return made;
    }

    /** The builder has filled the open segment; {@link #reserve} made the next one. */
    synchronized SegmentFile roll() {
        SegmentFile rolled = next;
        if (rolled == null) {
            throw new IllegalStateException("rolled without reserving");
        }
        current.finish();
        current = rolled;
        next = null;
        end = 0;
        return rolled;
    }

    /** The builder has come so far. */
    void used(long nextIndex, long nextEnd) {
        index = nextIndex;
        end = nextEnd;
        if (!full && wanting(current)) {
            LockSupport.unpark(grower);
        }
    }

    private boolean wanting(SegmentFile segment) {
        return segment.allocated() - end < wanted(segment) / 2
                || (expected(segment) < ahead && (next == null || next.allocated() < ahead));
    }

    /** Bytes that the rest of the segment will need, as the entries so far suggest; one preallocation for an empty one. */
    private long expected(SegmentFile segment) {
        long begun = index - segment.first();
        return begun <= 0 ? ahead : end / begun * (StoreLayout.SEGMENT_ENTRIES - begun);
    }

    private long wanted(SegmentFile segment) {
        return Math.min(ahead, Math.max(expected(segment), ahead / 8));
    }

    private void run() {
        while (!closed) {
            try {
                stayAhead();
                // Whatever waits in there may have used up the wake-up of who closes.
                if (!closed) {
                    LockSupport.park(this);
                }
            } catch (RoomException e) {
                // The builder meets it when it needs the room; until then it may pass.
                LockSupport.parkNanos(this, RETRY_NANOS);
            }
        }
    }

    private void stayAhead() throws RoomException {
        SegmentFile segment = current;
        if (segment.allocated() - end < wanted(segment) / 2) {
            segment.grow(end + wanted(segment));
        }
        if (expected(segment) < ahead) {
            following().grow(ahead);
        }
        full = false;
    }

    /** Ends the thread that grows. */
    void stop() {
        closed = true;
        LockSupport.unpark(grower);
        current.finish();
        SegmentFile unused = next;
        if (unused != null) {
            unused.finish();
        }
        boolean interrupted = false;
        while (grower.isAlive()) {
            try {
                grower.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next segment holds nothing yet and goes away. */
    @Override
    public void close() throws IOException {
        SegmentFile unused = next;
        if (unused != null) {
            unused.close();
            Files.deleteIfExists(unused.path());
        }
    }
}
