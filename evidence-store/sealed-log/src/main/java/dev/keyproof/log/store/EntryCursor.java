package dev.keyproof.log.store;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries from segments, one after the other; also while another process writes behind the last durable one. The caller asks
 * for durable entries only. Not for several threads.
 */
public final class EntryCursor implements AutoCloseable {
    private static final int CHUNK = 512 << 10;

    private final StoreLayout layout;
    private final byte[] chunk = new byte[CHUNK];
    private final Map<Long, long[]> walked = new HashMap<>();

    private @Nullable FileChannel channel;
    private long segment = -1;
    /** The next entry, and where it begins in its segment. */
    private long index;

    private long offset;
    /** Bytes of the segment in {@code chunk}: from {@code chunkAt}, so many. */
    private long chunkAt;

    private int chunkLength;
    /** The entry read last, within {@code chunk}. */
    private int entryAt;

    private int entryLength;

    /** At the first entry. */
    public EntryCursor(StoreLayout layout) {
        this.layout = layout;
    }

    /** The entry that {@link #next()} reads. */
    public long index() {
        return index;
    }

    /** Forgets what was read ahead, which may have been written since. To be called whenever more has become durable. */
    public void refresh() {
        chunkLength = 0;
    }

    /** Goes to an entry; its segment is walked up to it once, later its bundle. */
    public void seek(long target) throws LogException {
        long first = StoreLayout.first(target);
        long[] offsets = bundles(first);
        int bundle = (int) ((target - first) / TilePath.WIDTH);
        while (offsets[bundle] < 0) {
            bundle--;
        }
        long nearest = first + (long) bundle * TilePath.WIDTH;
        if (index < nearest || index > target) {
            seek(nearest, offsets[bundle]);
        }
        while (index < target) {
            next();
        }
    }

    /** Where the bundles of a segment begin, as far as they were walked over; -1 elsewhere. */
    private long[] bundles(long first) {
        return walked.computeIfAbsent(first, any -> {
            long[] offsets = new long[(int) (StoreLayout.SEGMENT_ENTRIES / TilePath.WIDTH)];
            Arrays.fill(offsets, -1);
            offsets[0] = 0;
            return offsets;
        });
    }

    /** Goes to an entry whose place is known. */
    void seek(long target, long knownOffset) {
        index = target;
        offset = knownOffset;
    }

    /** Reads the next entry; its bytes are then at {@link #array()}, {@link #at()}, {@link #length()}. */
    public void next() throws LogException {
        if (index % StoreLayout.SEGMENT_ENTRIES == 0) {
            offset = 0;
        }
        if (index % TilePath.WIDTH == 0) {
            long first = StoreLayout.first(index);
            bundles(first)[(int) ((index - first) / TilePath.WIDTH)] = offset;
        }
        need(EntryBundle.PREFIX);
        int at = (int) (offset - chunkAt);
        int length = (chunk[at] & 0xff) << 8 | (chunk[at + 1] & 0xff);
        need(EntryBundle.PREFIX + length);
        entryAt = (int) (offset - chunkAt) + EntryBundle.PREFIX;
        entryLength = length;
        offset += EntryBundle.PREFIX + length;
        index++;
    }

    public byte[] array() {
        return chunk;
    }

    public int at() {
        return entryAt;
    }

    public int length() {
        return entryLength;
    }

    /** A copy of the entry read last. */
    public byte[] entry() {
        return Arrays.copyOfRange(chunk, entryAt, entryAt + entryLength);
    }

    /** Where the next entry begins in its segment, unless it is the first of another. */
    public long offset() {
        return offset;
    }

    private void need(int bytes) throws LogException {
        boolean here =
                segment == StoreLayout.first(index) && offset >= chunkAt && offset + bytes <= chunkAt + chunkLength;
        if (!here) {
            load(bytes);
        }
    }

    private void load(int bytes) throws LogException {
        Path path = layout.segment(index);
        try {
            FileChannel file = open(path);
            ByteBuffer target = ByteBuffer.wrap(chunk);
            long place = offset;
            while (target.position() < bytes) {
                int read = file.read(target, place);
                if (read < 0) {
                    throw new LogCorruptException(path + ": ends at byte " + place + ", within entry " + index);
                }
                place += read;
            }
            chunkAt = offset;
            chunkLength = target.position();
        } catch (IOException e) {
            throw new LogException("cannot read " + path + " at byte " + offset + " for entry " + index, e);
        }
    }

    private FileChannel open(Path path) throws IOException {
        FileChannel open = channel;
        // An interrupted reader finds its channel closed.
        if (open == null || !open.isOpen() || segment != StoreLayout.first(index)) {
            if (open != null) {
                open.close();
            }
            open = FileChannel.open(path, StandardOpenOption.READ);
            channel = open;
            segment = StoreLayout.first(index);
        }
        return open;
    }

    @Override
    public void close() throws LogException {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new LogException("cannot close a segment", e);
        }
    }
}
