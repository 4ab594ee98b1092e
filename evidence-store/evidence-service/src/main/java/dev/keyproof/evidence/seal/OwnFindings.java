package dev.keyproof.evidence.seal;

import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other parts of this service found, until the sealing thread seals it: never by way of Kafka, where somebody else could have taken
 * its uid. Thread-safe.
 */
public final class OwnFindings {
    private final ConcurrentLinkedQueue<Continuity.Finding> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Has a finding sealed and a copy of it published, once for each uid.
     *
     * @param uid begins with {@code log-}, which no finding from elsewhere may
     * @param event the finding as it is to be sealed
     */
    public void add(String uid, byte[] event) {
        if (!uid.startsWith(LogEvents.UID_PREFIX)) {
            throw new IllegalArgumentException("not a uid of our own: " + uid);
        }
        waiting.add(new Continuity.Finding(uid, event));
    }

    Optional<Continuity.Finding> next() {
        Continuity.@Nullable Finding next = waiting.poll();
        return Optional.ofNullable(next);
    }
}
