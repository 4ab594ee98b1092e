package dev.keyproof.broker.datakey;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The move of a KEK's data keys to a version of it.
 *
 * @param version where they go
 * @param total how many there were to move when it began
 * @param failed how many could not be moved at their last attempt
 * @param orderedBy uid of the intent of the rotation that began it
 * @param due when the last must have moved
 * @param ended when the last had moved and the older versions were retired; null while it goes on
 */
public record ReWrap(
        String kek,
        int version,
        long total,
        long moved,
        long failed,
        int perSecond,
        String orderedBy,
        Instant began,
        Instant due,
        @Nullable Instant ended) {}
