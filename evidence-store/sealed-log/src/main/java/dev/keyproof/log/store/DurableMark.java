package dev.keyproof.log.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far the log and its heads are durable, in memory that other processes can map. Set only after fdatasync, so whatever a reader
 * finds here is on disk, even if the page itself is not.
 */
final class DurableMark {
    /** Made at this size with the log: a page that the disk has no room for cannot be written through memory. */
    static final int BYTES = 4096;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SIZE_AT = 0;
    private static final int HEADS_AT = 8;

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

    void headsEnd(long end) {
        LONG.setRelease(page, HEADS_AT, end);
    }
}
