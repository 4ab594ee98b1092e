package dev.keyproof.collector.cloudtrail;

import dev.keyproof.collector.source.Outgoing;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads one file from a position on, batch by batch: events, records set aside, and the damaged rest if there is one. */
final class ObjectReader implements AutoCloseable {
    /** A piece of a damaged file; with its headers below what Kafka takes by default. */
    private static final int PIECE = 900 << 10;

    private static final int MAX_BATCH_BYTES = 4 << 20;

    private final Path file;
    private final String digest;
    private final @Nullable Long loggedTime;
    private final CloudTrailMapping mapping;
    private final String source;
    private final InstantSource clock;
    private final boolean compressed;
    private final InputStream content;
    private final RecordSplitter splitter;
    private ObjectPosition position;
    private long goodUntil;

    ObjectReader(
            Path file,
            String digest,
            ObjectPosition position,
            CloudTrailMapping mapping,
            String source,
            InstantSource clock)
            throws IOException {
        this.file = file;
        this.digest = digest;
        this.position = position;
        this.mapping = mapping;
        this.source = source;
        this.clock = clock;
        this.loggedTime = FileStamp.millis(file.getFileName().toString());
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        this.compressed = isGzip(raw);
        this.content = compressed ? new LazyGzip(raw) : raw;
        this.splitter = new RecordSplitter(new BufferedInputStream(content, 1 << 16));
    }

    String digest() {
        return digest;
    }

    ObjectPosition position() {
        return position;
    }

    /** The next records; the position after them is {@link #position}. */
    List<Outgoing> read(int maxRecords) throws IOException {
        List<Outgoing> out = new ArrayList<>();
        if (position.tail() < 0) {
            records(out, maxRecords);
        }
        if (position.tail() >= 0) {
            tail(out);
        }
        return out;
    }

    private void records(List<Outgoing> out, int maxRecords) {
        long bytes = 0;
        RecordSplitter.@Nullable Element held = null;
        for (int read = 0; (read < maxRecords && bytes < MAX_BATCH_BYTES) || held != null; read++) {
            RecordSplitter.Element element = splitter.next();
            if (held != null && (element != null || splitter.fault() == null)) {
                setAside(out, held, "record does not end");
            }
            if (element == null) {
                end(held);
                return;
            }
            held = null;
            if (element.index() < position.next()) {
                goodUntil = splitter.offset();
                continue;
            }
            if (!element.whole()) {
                // Whether it is a record amid others or the file's torn end shows with what comes next.
                held = element;
                continue;
            }
            goodUntil = splitter.offset();
            bytes += element.bytes().length;
            judge(out, element);
        }
    }

    private void judge(List<Outgoing> out, RecordSplitter.Element element) {
        var place = new CloudTrailMapping.Place(position.path(), digest, loggedTime, element.index());
        Verdict verdict = mapping.map(element.bytes(), place);
        if (verdict instanceof Verdict.Accepted accepted) {
            out.add(Outgoing.event(accepted.key(), accepted.event()));
            if (accepted.shortened()) {
                out.add(aside(
                        element.bytes(), "record is larger than an event; the event has its digests", place(element)));
            }
            position = position.after(element.index() + 1, 1, accepted.shortened() ? 1 : 0, 0);
        } else if (verdict instanceof Verdict.Refused refused) {
            setAside(out, element, refused.reason());
        } else {
            position = position.after(element.index() + 1, 0, 0, 1);
        }
    }

    private void setAside(List<Outgoing> out, RecordSplitter.Element element, String reason) {
        byte[] bytes = element.bytes();
        for (int from = 0; from < bytes.length; from += PIECE) {
            byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE));
            out.add(aside(piece, reason, place(element)));
        }
        position = position.after(element.index() + 1, 0, 1, 0);
    }

    private void end(RecordSplitter.@Nullable Element torn) {
        if (splitter.fault() == null) {
            position = position.finished();
        } else if (compressed) {
            // What cannot be unpacked can only be kept packed.
            position = position.withTail(0);
        } else {
            position = position.withTail(torn == null ? goodUntil : torn.offset());
        }
    }

    /** The file's own bytes from the damage on, in pieces; a few each time. */
    private void tail(List<Outgoing> out) throws IOException {
        String reason = splitter.fault() == null ? "the file is damaged" : splitter.fault();
        reason += "; " + position.next() + " records before it were taken";
        try (FileChannel channel = FileChannel.open(file)) {
            for (int pieces = 0; pieces < 4; pieces++) {
                long offset = position.tail();
                int length = (int) Math.min(PIECE, channel.size() - offset);
                if (length <= 0 && offset > 0) {
                    position = position.finished();
                    return;
                }
                ByteBuffer piece = ByteBuffer.allocate(Math.max(0, length));
                while (piece.hasRemaining() && channel.read(piece, offset + piece.position()) >= 0) {
                    // Until the piece is full or the file ends.
                }
                out.add(aside(piece.array(), reason, position.path() + "@" + offset));
                position = position.after(position.next(), 0, 1, 0).withTail(offset + length);
                if (offset + length >= channel.size()) {
                    position = position.finished();
                    return;
                }
            }
        }
    }

    private Outgoing aside(byte[] bytes, String reason, String place) {
        return Outgoing.quarantined(source, reason, place, clock.instant().toString(), bytes);
    }

    private String place(RecordSplitter.Element element) {
        return position.path() + "#" + element.index();
    }

    private static boolean isGzip(BufferedInputStream raw) throws IOException {
        raw.mark(2);
        boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return gzip;
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            // It was read only; nothing is lost with it.
        }
    }

    /** Opens the compressed stream at the first read, so that a damaged header is met where other damage is. */
    private static final class LazyGzip extends InputStream {
        private final InputStream raw;
        private @Nullable GZIPInputStream gzip;

        LazyGzip(InputStream raw) {
            this.raw = raw;
        }

        private GZIPInputStream gzip() throws IOException {
            GZIPInputStream opened = gzip;
            if (opened == null) {
                opened = new GZIPInputStream(raw, 1 << 15);
                gzip = opened;
            }
            return opened;
        }

        @Override
        public int read() throws IOException {
            return gzip().read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return gzip().read(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            raw.close();
        }
    }
}
