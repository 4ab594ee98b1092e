package dev.keyproof.alerts;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Offsets of the alerts that a receiver did not take. They travel in the metadata of the committed offset, so that position
 * and parked alerts cannot part, and a restart knows both. Not thread-safe.
 */
final class Parked {
    /** Kafka takes 4,096 bytes of metadata by default. */
    static final int MAX_TEXT = 4_000;

    private static final String PREFIX = "parked:";

    private final TreeSet<Long> offsets = new TreeSet<>();

    /** Parked offsets from the metadata of a commit; none if it has other metadata. */
    static Parked of(String metadata) {
        Parked parked = new Parked();
        if (metadata.startsWith(PREFIX) && metadata.length() > PREFIX.length()) {
            Arrays.stream(metadata.substring(PREFIX.length()).split(",", -1))
                    .map(Long::valueOf)
                    .forEach(parked.offsets::add);
        }
        return parked;
    }

    /** False if there is no room for one more; then the receiver has to wait, for nothing is dropped. */
    boolean add(long offset) {
        offsets.add(offset);
        if (metadata().length() > MAX_TEXT) {
            offsets.remove(offset);
            return false;
        }
        return true;
    }

    void remove(long offset) {
        offsets.remove(offset);
    }

    Optional<Long> oldest() {
        return offsets.isEmpty() ? Optional.empty() : Optional.of(offsets.first());
    }

    Set<Long> offsets() {
        return Set.copyOf(offsets);
    }

    String metadata() {
        return PREFIX + offsets.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
