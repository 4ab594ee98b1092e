package dev.keyproof.evidence.testing;

import dev.keyproof.evidence.store.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders kept aside and put back, as backups are. */
public final class Folders {
    private Folders() {}

    public static void putBack(Path saved, Path to) throws IOException {
        DurableFiles.deleteTree(to);
        copy(saved, to);
    }

    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
