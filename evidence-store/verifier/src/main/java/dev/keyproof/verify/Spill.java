package dev.keyproof.verify;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a pack as it comes about: in memory while it is small, beyond that in a temporary file that only this user can read and that
 * goes when it is closed. Written first and read afterwards, by one thread at a time.
 */
public final class Spill implements CanonicalZipWriter.Content, AutoCloseable {
    private static final int IN_MEMORY = 1 << 20;

    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream out;

    /** Adds bytes to the end. An {@link UncheckedIOException} says that there is no room for them. */
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    /** Adds a line feed to the end. */
    public void endLine() {
        write(new byte[] {'\n'});
    }

    /** As {@link #write(byte[])}. */
    public void write(byte[] bytes, int from, int length) {
        try {
            OutputStream to = out;
            if (to == null && memory.size() + length > IN_MEMORY) {
                Path made = Files.createTempFile("keyproof-", ".spill");
                file = made;
                to = new BufferedOutputStream(Files.newOutputStream(made));
                out = to;
                memory.writeTo(to);
                memory.reset();
            }
            if (to == null) {
                memory.write(bytes, from, length);
            } else {
                to.write(bytes, from, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a file of the pack cannot be written down", e);
        }
    }

    @Override
    public InputStream open() throws IOException {
        Path written = file;
        OutputStream to = out;
        if (written == null || to == null) {
            return new ByteArrayInputStream(memory.toByteArray());
        }
        to.flush();
        return Files.newInputStream(written);
    }

    @Override
    public void close() {
        try {
            if (out != null) {
                out.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be deleted", e);
        }
    }
}
