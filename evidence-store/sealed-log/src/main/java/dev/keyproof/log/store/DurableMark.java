package dev.keyproof.log.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far the log and its heads are durable, in memory that other processes can map. Set only after fdatasync, so whatever a reader
 * finds here is on disk, even if the page itself is not.
 *
 * <p>A ladder leads back into the file of heads, so that nobody walks it from its beginning: for each power of two, where the first
 * head begins in the last and in the last but one piece of so many bytes. A lost ladder costs one long walk.
 */
final class DurableMark {
    /** Made at this size with the log: a page that the disk has no room for cannot be written through memory. */
    static final int BYTES = 4096;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SIZE_AT = 0;
    private static final int HEADS_AT = 8;
    private static final int LADDER_AT = 64;
    /** The lowest rung has pieces of 64 KiB, some hundred heads. */
    private static final int LOWEST = 16;

    private static final int RUNGS = 32;
    private static final int RUNG = 2 * Long.BYTES;

    private final MappedByteBuffer page;

    private DurableMark(MappedByteBuffer page) {
        this.page = page;
    }

    static DurableMark write(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new DurableMark(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
        }
    }

    static DurableMark read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new DurableMark(channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES));
        }
    }

    long size() {
        return (long) LONG.getAcquire(page, SIZE_AT);
    }

    void size(long size) {
        LONG.setRelease(page, SIZE_AT, size);
    }

    long headsEnd() {
        return (long) LONG.getAcquire(page, HEADS_AT);
    }

    /** Heads are released up to there. */
    void headsEnd(long end) {
        LONG.setRelease(page, HEADS_AT, end);
    }

    /** A head is released. */
    void released(long begin, long end) {
        for (int rung = 0; rung < RUNGS; rung++) {
            int at = LADDER_AT + rung * RUNG;
            long last = place(at);
            if (last < 0 || last >>> (LOWEST + rung) != begin >>> (LOWEST + rung)) {
                place(at + Long.BYTES, last);
                place(at, begin);
            }
        }
        headsEnd(end);
    }

    /** Where heads begin, the last first; a reader makes sure that one does. */
    List<Long> headPlaces() {
        SortedSet<Long> places = new TreeSet<>(Comparator.reverseOrder());
        for (int at = LADDER_AT; at < LADDER_AT + RUNGS * RUNG; at += Long.BYTES) {
            places.add(Math.max(0, place(at)));
        }
        return List.copyOf(places);
    }

    /** -1 if none is noted; the page begins as zeros. */
    private long place(int at) {
        return (long) LONG.getAcquire(page, at) - 1;
    }

    private void place(int at, long place) {
        LONG.setRelease(page, at, place + 1);
    }
}
