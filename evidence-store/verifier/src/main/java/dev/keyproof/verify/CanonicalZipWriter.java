package dev.keyproof.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Writes a pack's zip: the same files give the same bytes, in whatever order they are added. Not thread-safe. */
public final class CanonicalZipWriter {
    /** More entries or bytes would need zip64, which the form does not have. */
    private static final int MOST_ENTRIES = 65_534;

    private static final long MOST_BYTES = 0xFFFF_FFF0L;

    /** A file's bytes, opened twice: once for its size and CRC, once to be written. They must not change in between. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;

        /** All of them. */
        default byte[] bytes() throws IOException {
            try (InputStream in = open()) {
                return in.readAllBytes();
            }
        }

        /** Those, which must not be changed. */
        static Content of(byte[] bytes) {
            return () -> new java.io.ByteArrayInputStream(bytes);
        }
    }

    private final TreeMap<String, Content> files = new TreeMap<>();

    /**
     * Adds a file.
     *
     * @throws IllegalArgumentException if the name is not of the form that a pack allows, or is there already
     */
    public CanonicalZipWriter add(String name, Content content) {
        if (!ZipForm.isName(name)) {
            throw new IllegalArgumentException("not a name a pack may hold: " + name);
        }
        if (files.putIfAbsent(name, content) != null) {
            throw new IllegalArgumentException("twice in the pack: " + name);
        }
        return this;
    }

    /** Adds a file held in memory. */
    public CanonicalZipWriter add(String name, byte[] content) {
        return add(name, () -> new java.io.ByteArrayInputStream(content));
    }

    /** Writes all; the stream stays open. */
    public void writeTo(OutputStream out) throws IOException {
        if (files.size() > MOST_ENTRIES) {
            throw new IOException("a pack holds at most " + MOST_ENTRIES + " files, not " + files.size());
        }
        java.io.ByteArrayOutputStream directory = new java.io.ByteArrayOutputStream();
        long offset = 0;
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Measured measured = measure(file.getValue());
            byte[] header = ZipForm.localHeader(file.getKey(), measured.size, measured.crc);
            directory.writeBytes(ZipForm.centralHeader(file.getKey(), measured.size, measured.crc, offset));
            out.write(header);
            try (InputStream in = file.getValue().open()) {
                if (in.transferTo(out) != measured.size) {
                    throw new IOException(file.getKey() + " changed while it was packed");
                }
            }
            offset += header.length + measured.size;
            if (offset + directory.size() > MOST_BYTES) {
                throw new IOException("a pack holds less than 4 GiB: choose a smaller scope");
            }
        }
        directory.writeTo(out);
        out.write(ZipForm.end(files.size(), directory.size(), offset));
    }

    private record Measured(long size, int crc) {}

    private static Measured measure(Content content) throws IOException {
        CRC32 crc = new CRC32();
        long size = 0;
        byte[] buffer = new byte[16_384];
        try (InputStream in = content.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
                size += n;
            }
        }
        return new Measured(size, (int) crc.getValue());
    }
}
