package dev.keyproof.evidence.http;

import dev.keyproof.evidence.access.Downloads;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Some of a file that is sent from the disk, however large. Whoever keeps count is told once, of what went out. Used by one thread. */
final class FilePart implements Answer.Body {
    private static final int BUFFER = 64 << 10;

    private final FileChannel file;
    private final long from;
    private final long length;
    private final Downloads.Part count;
    private long sent;
    private boolean closed;

    /** Closes the file in the end. */
    FilePart(FileChannel file, long from, long length, Downloads.Part count) {
        this.file = file;
        this.from = from;
        this.length = length;
        this.count = count;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (sent < length) {
            int read = file.read(ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, length - sent)), from + sent);
            if (read < 0) {
                throw new IOException("the file ends before its size");
            }
            out.write(buffer, 0, read);
            sent += read;
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            count.sent(from, sent);
            file.close();
        }
    }
}
