package dev.keyproof.log.store;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a store: {@code identity}, {@code lock}, {@code commits}, {@code durable}, {@code heads} and {@code segments/}.
 *
 * @param dir folder of the store
 */
public record StoreLayout(Path dir) {
    /** Entries in a segment: 256 bundles, so that a segment belongs to one full tile of level 1. */
    public static final long SEGMENT_ENTRIES = 65_536;

    Path identity() {
        return dir.resolve("identity");
    }

    Path lock() {
        return dir.resolve("lock");
    }

    Path commits() {
        return dir.resolve("commits");
    }

    Path durable() {
        return dir.resolve("durable");
    }

    Path heads() {
        return dir.resolve("heads");
    }

    Path segments() {
        return dir.resolve("segments");
    }

    /** The file that holds an entry, named after its first entry. */
    public Path segment(long index) {
        return segments().resolve(String.format("%016d", first(index)));
    }

    /** First entry of the segment that holds an entry. */
    public static long first(long index) {
        return index - index % SEGMENT_ENTRIES;
    }

    /** Entries in the segments that are complete when there are {@code size}. */
    public static long lastWhole(long size) {
        return first(size);
    }

    /** True once the store has been made completely. */
    public boolean exists() {
        return Files.exists(identity());
    }
}
