package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/** Puts objects into the bucket so that they stay: locked in compliance mode, read back by their version, compared. */
final class Depositor {
    /** By so much less an object may be locked that an earlier attempt left. */
    private static final Duration TOLERANCE = Duration.ofDays(1);

    private final Bucket bucket;
    private final Clock clock;
    private final Duration retention;
    private final Foreign foreign;

    /** Is told of keys under which somebody else had put something. */
    @FunctionalInterface
    interface Foreign {
        void found(String key);
    }

    Depositor(Bucket bucket, Clock clock, Duration retention, Foreign foreign) {
        this.bucket = bucket;
        this.clock = clock;
        this.retention = retention;
        this.foreign = foreign;
    }

    /** Puts what never changes: other content under that key is somebody else's. */
    void putForGood(String key, byte[] content) throws EvidenceException {
        if (put(key, content)) {
            foreign.found(key);
        }
    }

    /**
     * Puts an object; one that is there already, whole and locked, is left as it is.
     *
     * @return whether other content was there
     */
    boolean put(String key, byte[] content) throws EvidenceException {
        Instant until = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(retention);
        Optional<Bucket.Version> created = bucket.create(key, content, until);
        if (created.isPresent()) {
            requireKept(created.get(), content, until);
            return false;
        }
        boolean others = false;
        for (Bucket.Version version : bucket.versionsOf(key)) {
            Bucket.Stored stored = bucket.get(version);
            boolean same = Arrays.equals(stored.content(), content);
            if (same && isLocked(version, until.minus(TOLERANCE))) {
                return others;
            }
            others |= !same;
        }
        requireKept(bucket.put(key, content, Optional.of(until)), content, until);
        return others;
    }

    private void requireKept(Bucket.Version version, byte[] content, Instant until) throws EvidenceException {
        Bucket.Stored stored = bucket.get(version);
        if (!Arrays.equals(stored.content(), content)) {
            throw new EvidenceException(bucket.name() + " does not hold what it was given as " + version.key());
        }
        if (!isLocked(version, until)) {
            throw new EvidenceException(bucket.name() + " does not keep " + version.key()
                    + " locked in compliance mode until " + until + ": is Object Lock enabled for the bucket?");
        }
    }

    private boolean isLocked(Bucket.Version version, Instant until) throws EvidenceException {
        return bucket.lockedUntil(version).filter(end -> !end.isBefore(until)).isPresent();
    }
}
