package dev.keyproof.log.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One commit on its way to the disk: bytes, where they go, and who waits for them. Owned by one commit thread at a time. */
final class Batch {
    private static final int INITIAL = 256 << 10;

    /** Bytes {@code from} to {@code to} of the buffer belong at {@code at} in the segment, which ends with them if {@code last}. */
    private record Piece(SegmentFile segment, long at, int from, int to, boolean last) {}

    private final int most;
    private final List<Append> appends = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private ByteBuffer bytes;
    private @Nullable SegmentFile open;
    private long openAt;
    private int openFrom;
    private @Nullable Committed commit;

    Batch(int most) {
        this.most = most;
        this.bytes = ByteBuffer.allocateDirect(Math.min(INITIAL, most));
    }

    void clear() {
        bytes.clear();
        appends.clear();
        pieces.clear();
        commit = null;
        open = null;
    }

    /** What comes next belongs there. */
    void begin(SegmentFile segment, long at) {
        open = segment;
        openAt = at;
        openFrom = bytes.position();
    }

    /** True if so many more bytes fit; the first append always does. */
    boolean fits(int more) {
        if (bytes.remaining() >= more) {
            return true;
        }
        if (bytes.position() > 0 && bytes.position() + (long) more > most) {
            return false;
        }
        ByteBuffer larger =
                ByteBuffer.allocateDirect(Math.max(bytes.position() + more, Math.min(most, 2 * bytes.capacity())));
        larger.put(bytes.flip());
        bytes = larger;
        return true;
    }

    void put(byte[] entry) {
        bytes.putShort((short) entry.length).put(entry);
    }

    /** The open piece ends here, and with it its segment if it was the last. */
    void end(boolean last) {
        SegmentFile segment = open;
        if (segment != null && (last || bytes.position() > openFrom)) {
            pieces.add(new Piece(segment, openAt, openFrom, bytes.position(), last));
        }
        open = null;
    }

    void joined(Append append) {
        appends.add(append);
    }

    boolean isEmpty() {
        return appends.isEmpty();
    }

    int bytes() {
        return bytes.position();
    }

    void seal(Committed as) {
        end(false);
        commit = as;
    }

    Committed commit() {
        Committed sealed = commit;
        if (sealed == null) {
            throw new IllegalStateException("not sealed");
        }
        return sealed;
    }

    /** Writes and forces the entries; a segment that ends here is cut to its length. */
    void writeEntries() throws IOException {
        for (Piece piece : pieces) {
            ByteBuffer part = bytes.duplicate();
            part.position(piece.from()).limit(piece.to());
            piece.segment().write(part, piece.at());
            if (piece.last()) {
                piece.segment().cut(piece.at() + piece.to() - piece.from());
            }
            piece.segment().force();
            if (piece.last()) {
                piece.segment().close();
            }
        }
    }

    void durable() {
        appends.forEach(Append::durable);
    }

    void failed(Throwable cause) {
        appends.forEach(append -> append.failed(cause));
    }
}
