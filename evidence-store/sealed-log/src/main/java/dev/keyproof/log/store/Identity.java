package dev.keyproof.log.store;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Which log a folder holds; written once, last when a store is made.
 *
 * @param kind {@code journal} or {@code log}
 * @param name source or origin
 * @param epoch ULID made with it
 */
public record Identity(String kind, String name, String epoch) {
    private static final String FORMAT = "keyproof-store/1";

    void write(StoreLayout layout) throws IOException {
        String text = String.join("\n", FORMAT, kind, name, epoch) + "\n";
        Disk.replace(layout.identity(), text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /**
     * Reads it.
     *
     * @throws LogException if there is none or it is not one
     */
    public static Identity read(StoreLayout layout) throws LogException {
        try {
            List<String> lines = Files.readAllLines(layout.identity());
            if (lines.size() != 4 || !lines.getFirst().equals(FORMAT)) {
                throw new LogCorruptException(layout.identity() + " is not the identity of a log");
            }
            return new Identity(lines.get(1), lines.get(2), lines.get(3));
        } catch (IOException e) {
            throw new LogException("there is no log in " + layout.dir(), e);
        }
    }
}
