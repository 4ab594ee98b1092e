package dev.keyproof.collector.cloudtrail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Outgoing;
import dev.keyproof.collector.source.Source;
import dev.keyproof.collector.source.SourceException;
import dev.keyproof.collector.source.SourceState;
import dev.keyproof.event.EventCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder into which a trail's files arrive at any time. Each file is an epoch of its own, named by its digest: the same file
 * under another name is the same file. A file is read when it has not changed for a while.
 */
public final class CloudTrailFolder implements Source {
    /** A file younger than this may still be being written. */
    static final Duration SETTLE = Duration.ofSeconds(2);

    private final Path dir;
    private final String name;
    private final Duration scanEvery;
    private final EventCodec codec;
    private final InstantSource clock;
    private final CloudTrailMapping mapping;

    private final Map<String, ObjectPosition> byDigest = new HashMap<>();
    private final Map<String, ObjectPosition> byPath = new HashMap<>();
    private final Map<Path, Seen> lastScan = new HashMap<>();
    private final Deque<Path> waiting = new ArrayDeque<>();
    private Instant scanned = Instant.EPOCH;
    private @Nullable ObjectReader reader;
    private volatile SourceState state;

    private Total total = Total.NONE;

    private record Seen(long size, long modified) {}

    /**
     * @param dir the folder; it need not be there yet
     * @param name what the events name as their source
     * @param scanEvery how often the folder is looked through
     */
    public CloudTrailFolder(Path dir, String name, Duration scanEvery, EventCodec codec, InstantSource clock) {
        this.dir = dir;
        this.name = name;
        this.scanEvery = scanEvery;
        this.codec = codec;
        this.clock = clock;
        this.mapping = new CloudTrailMapping(codec, name);
        this.state = new SourceState(name, "cloudtrail", null, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void restore(Map<String, ObjectNode> published) {
        close();
        byDigest.clear();
        byPath.clear();
        total = Total.NONE;
        waiting.clear();
        scanned = Instant.EPOCH;
        published.forEach((key, json) -> {
            if (key.startsWith(positionPrefix())) {
                ObjectPosition position = ObjectPosition.of(json);
                remember(key.substring(positionPrefix().length()), position);
            }
        });
        show();
    }

    @Override
    public Batch next(int maxRecords) throws SourceException {
        try {
            scanIfDue();
            ObjectReader open = reader == null ? openNext() : reader;
            if (open == null) {
                show();
                return Batch.EMPTY;
            }
            List<Outgoing> records = open.read(maxRecords);
            ObjectPosition position = open.position();
            remember(open.digest(), position);
            if (position.done()) {
                close();
            }
            show();
            return new Batch(records, Map.of(positionPrefix() + open.digest(), position.json(codec.mapper())));
        } catch (IOException | UncheckedIOException e) {
            close();
            throw new SourceException("folder " + dir + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void look() throws SourceException {
        try {
            scanIfDue();
            show();
        } catch (IOException | UncheckedIOException e) {
            throw new SourceException("folder " + dir + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public SourceState state() {
        return state;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private String positionPrefix() {
        return "cloudtrail/" + name + "/";
    }

    private void remember(String digest, ObjectPosition position) {
        ObjectPosition before = byDigest.put(digest, position);
        byPath.put(position.path(), position);
        total = total.plus(position, 1);
        if (before != null) {
            total = total.plus(before, -1);
        }
    }

    private void scanIfDue() throws IOException {
        Instant now = clock.instant();
        if (now.isBefore(scanned.plus(scanEvery)) || !Files.isDirectory(dir)) {
            return;
        }
        scanned = now;
        Map<Path, Seen> before = Map.copyOf(lastScan);
        lastScan.clear();
        waiting.clear();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file :
                    files.filter(CloudTrailFolder::isTrailFile).sorted().toList()) {
                Seen seen = new Seen(
                        Files.size(file), Files.getLastModifiedTime(file).toMillis());
                lastScan.put(file, seen);
                boolean settled = seen.equals(before.get(file))
                        && seen.modified() <= now.minus(SETTLE).toEpochMilli();
                if (settled && !isDone(file, seen) && !isOpen(file)) {
                    waiting.add(file);
                }
            }
        }
    }

    private static boolean isTrailFile(Path file) {
        String fileName = file.getFileName().toString();
        // Digest files prove the others; they hold no records.
        return (fileName.endsWith(".json") || fileName.endsWith(".json.gz"))
                && !fileName.startsWith(".")
                && !fileName.contains("_CloudTrail-Digest_")
                && Files.isRegularFile(file);
    }

    private boolean isDone(Path file, Seen seen) {
        ObjectPosition position = byPath.get(relative(file));
        return position != null && position.done() && position.sameFile(seen.size(), seen.modified());
    }

    private boolean isOpen(Path file) {
        return reader != null && reader.position().path().equals(relative(file));
    }

    private @Nullable ObjectReader openNext() throws IOException {
        for (Path file = waiting.poll(); file != null; file = waiting.poll()) {
            Seen seen = lastScan.get(file);
            if (seen == null || !Files.isRegularFile(file)) {
                continue;
            }
            String digest = digest(file);
            ObjectPosition known = byDigest.get(digest);
            if (known != null && known.done()) {
                // Read before, perhaps under another name.
                byPath.put(
                        relative(file),
                        ObjectPosition.fresh(relative(file), seen.size(), seen.modified())
                                .finished());
                continue;
            }
            ObjectPosition from =
                    known == null ? ObjectPosition.fresh(relative(file), seen.size(), seen.modified()) : known;
            reader = new ObjectReader(file, digest, from, mapping, name, clock);
            return reader;
        }
        return null;
    }

    private String relative(Path file) {
        return dir.relativize(file).toString();
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void show() {
        state = new SourceState(
                name,
                "cloudtrail",
                null,
                total.done(),
                waiting.size() + (reader == null ? 0 : 1),
                total.published(),
                total.quarantined(),
                total.ignored(),
                0);
    }

    /** Sums over all files, kept as they change. */
    private record Total(long done, long published, long quarantined, long ignored) {
        static final Total NONE = new Total(0, 0, 0, 0);

        Total plus(ObjectPosition position, int sign) {
            return new Total(
                    done + (position.done() ? sign : 0),
                    published + sign * position.published(),
                    quarantined + sign * position.quarantined(),
                    ignored + sign * position.ignored());
        }
    }
}
