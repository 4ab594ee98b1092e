package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Tries on a short-lived object of its own what a lock in compliance mode forbids. What a bucket says of its configuration proves
 * nothing: there are servers that say it is locked, and delete all the same.
 */
final class Probe {
    static final String PREFIX = "probe/";

    /** Long enough for clocks that differ, so that no refusal is one of a date in the past. */
    private static final Duration RETENTION = Duration.ofHours(1);

    private final Bucket bucket;
    private final Clock clock;

    Probe(Bucket bucket, Clock clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /**
     * Probes the bucket.
     *
     * @throws EvidenceException if it could not be found out
     */
    Probed run() throws EvidenceException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            return run(now);
        } catch (NoVersionsException e) {
            return new Probed(Probed.Verdict.PRETENDED, now, List.of("to overwrite without keeping a version"));
        }
    }

    private Probed run(Instant now) throws EvidenceException {
        String key = PREFIX + UUID.randomUUID();
        byte[] content = bytes("a probe of " + now);
        Instant until = now.plus(RETENTION);
        Bucket.Version locked = bucket.create(key, content, until)
                .orElseThrow(() -> new EvidenceException(bucket.name() + " holds " + key + ", which nobody made"));
        List<String> allowed = new ArrayList<>();
        if (bucket.create(key, bytes("another"), until).isPresent()) {
            allowed.add("to put over an object where there was to be none");
        }
        bucket.put(key, bytes("one over it"), Optional.of(until));
        for (Attack attack : Attack.values()) {
            Instant wanted = attack == Attack.SHORTEN ? now.plus(RETENTION.dividedBy(2)) : until;
            if (bucket.attack(attack, locked, wanted)) {
                allowed.add(attack.words());
                if (attack.deletes()) {
                    break;
                }
            }
        }
        if (allowed.isEmpty()) {
            silently(locked, content, until).ifPresent(allowed::add);
        }
        if (!allowed.isEmpty()) {
            return new Probed(Probed.Verdict.PRETENDED, now, allowed);
        }
        // Without this, credentials that may do nothing would make every bucket look locked.
        boolean mayDelete = bucket.delete(bucket.put(PREFIX + UUID.randomUUID(), content, Optional.empty()));
        return new Probed(mayDelete ? Probed.Verdict.ENFORCED : Probed.Verdict.UNTESTED, now, allowed);
    }

    /** What was done though it was said to be refused. */
    private Optional<String> silently(Bucket.Version locked, byte[] content, Instant until) throws EvidenceException {
        if (!bucket.versionsOf(locked.key()).contains(locked)) {
            return Optional.of("a locked version to be lost");
        }
        if (!Arrays.equals(bucket.get(locked).content(), content)) {
            return Optional.of("the content of a locked version to be replaced");
        }
        return bucket.lockedUntil(locked).filter(end -> !end.isBefore(until)).isPresent()
                ? Optional.empty()
                : Optional.of("a locked version to be without its lock");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
