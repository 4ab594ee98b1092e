package dev.keyproof.log.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A segment being written. Its room is made of real zeros ahead of the entries, so that a full disk shows before it hurts and a commit
 * changes no metadata of the file.
 */
final class SegmentFile implements AutoCloseable {
    /** Zeros forced at a time: a commit's fdatasync waits for no more than these. */
    private static final int STEP = 2 << 20;
    /** Free space that is left to others. */
    private static final long SPARE = 1 << 20;

    private final Path path;
    private final long first;
    private final FileChannel channel;
    /** Of its own: a file tells each open descriptor once of a failed write, and the commits must not miss it. */
    private final FileChannel room;

    private final ReentrantLock growing = new ReentrantLock();
    private final ByteBuffer zeros;
    /** End of the zeros; grows under {@link #growing}. */
    private volatile long allocated;

    private volatile boolean finished;

    private SegmentFile(
            Path path, long first, FileChannel channel, FileChannel room, long allocated, ByteBuffer zeros) {
        this.path = path;
        this.first = first;
        this.channel = channel;
        this.room = room;
        this.allocated = allocated;
        this.zeros = zeros;
    }

    /** What {@link #open} wants: made once, for memory outside of the heap comes back by garbage collection alone. */
    static ByteBuffer zeros(int preallocation) {
        return ByteBuffer.allocateDirect(Math.min(STEP, preallocation)).asReadOnlyBuffer();
    }

    /**
     * Opens or makes the segment and cuts it to its {@code end}.
     *
     * @param zeros shared, only read
     */
    static SegmentFile open(StoreLayout layout, long first, long end, ByteBuffer zeros) throws IOException {
        Path path = layout.segment(first);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(end);
        channel.force(true);
        Disk.forceFolder(layout.segments());
        FileChannel room = FileChannel.open(path, StandardOpenOption.WRITE);
        return new SegmentFile(path, first, channel, room, end, zeros);
    }

    long first() {
        return first;
    }

    Path path() {
        return path;
    }

    long allocated() {
        return allocated;
    }

    /** Makes room up to {@code to}, at most one preallocation further than asked. Fails without harm if there is none. */
    void grow(long to) throws RoomException {
        growing.lock();
        try {
            if (finished || allocated >= to) {
                return;
            }
            long free = Files.getFileStore(path).getUsableSpace();
            if (free < to - allocated + SPARE) {
                throw new RoomException(
                        "no room to preallocate " + path + ": " + free + " bytes free, " + (to - allocated) + " needed",
                        null);
            }
            fill(to);
        } catch (IOException e) {
            giveBack(e);
            throw new RoomException("cannot preallocate " + path + ": " + e.getMessage(), e);
        } finally {
            growing.unlock();
        }
    }

    private void fill(long to) throws IOException {
        long grown = allocated;
        while (grown < to && !finished) {
            ByteBuffer part = zeros.duplicate().clear().limit((int) Math.min(zeros.capacity(), to - grown));
            long step = part.remaining();
            Disk.write(room, part, grown);
            room.force(false);
            grown += step;
            allocated = grown;
        }
    }

    private void giveBack(IOException cause) {
        try {
            room.truncate(allocated);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    void write(ByteBuffer bytes, long at) throws IOException {
        Disk.write(channel, bytes, at);
    }

    void force() throws IOException {
        channel.force(false);
    }

    /** No more room is needed; a grower stops at its next step. */
    void finish() {
        finished = true;
    }

    /** Gives back what lies behind the last entry. */
    void cut(long end) throws IOException {
        finished = true;
        growing.lock();
        try {
            channel.truncate(end);
            allocated = end;
        } finally {
            growing.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        finished = true;
        growing.lock();
        try (room) {
            channel.close();
        } finally {
            growing.unlock();
        }
    }
}
