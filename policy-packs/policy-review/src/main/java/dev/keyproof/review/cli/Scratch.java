package dev.keyproof.review.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A temporary folder that goes with all that is in it.
 *
 * @param folder empty at first
 */
record Scratch(Path folder) implements AutoCloseable {
    static Scratch of(String command) throws IOException {
        return new Scratch(Files.createTempDirectory("keyproof-" + command));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
