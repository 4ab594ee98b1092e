package dev.keyproof.stream;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints that earlier runs left: {@code DIRECTORY/JOB/chk-N}, complete where {@code _metadata} is. */
final class RetainedCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedCheckpoints.class);
    private static final String PREFIX = "chk-";
    private static final String METADATA = "_metadata";

    private final Path directory;

    RetainedCheckpoints(Path directory) {
        this.directory = directory;
    }

    /** A checkpoint by its number, which goes on rising from run to run. */
    private record Retained(Path path, long number, long modified) {}

    /**
     * The newest checkpoint whose metadata is whole.
     *
     * @throws IOException if there are checkpoints and none is whole: starting anew would then tell everything twice
     */
    Optional<Path> newest() throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        List<Retained> retained = all();
        retained.sort(Comparator.comparingLong(Retained::number)
                .thenComparingLong(Retained::modified)
                .reversed());
        for (Retained checkpoint : retained) {
            if (whole(checkpoint.path())) {
                return Optional.of(checkpoint.path());
            }
        }
        if (retained.isEmpty()) {
            return Optional.empty();
        }
        throw new IOException("no checkpoint under " + directory
                + " can be read; restore the folder, or remove it to read all events again");
    }

    private List<Retained> all() throws IOException {
        List<Retained> found = new ArrayList<>();
        for (Path job : children(directory)) {
            for (Path checkpoint : children(job)) {
                String name = checkpoint.getFileName().toString();
                Path metadata = checkpoint.resolve(METADATA);
                if (name.matches(PREFIX + "\\d+") && Files.isRegularFile(metadata)) {
                    found.add(new Retained(
                            checkpoint,
                            Long.parseLong(name.substring(PREFIX.length())),
                            Files.getLastModifiedTime(metadata).toMillis()));
                }
            }
        }
        return found;
    }

    private static List<Path> children(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(path)) {
            return paths.toList();
        }
    }

    private static boolean whole(Path checkpoint) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(checkpoint.resolve(METADATA))))) {
            Checkpoints.loadCheckpointMetadata(in, RetainedCheckpoints.class.getClassLoader(), checkpoint.toString());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("checkpoint unreadable path={} why={}", checkpoint, e.toString());
            return false;
        }
    }
}
