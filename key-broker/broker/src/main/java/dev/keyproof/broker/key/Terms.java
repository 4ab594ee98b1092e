package dev.keyproof.broker.key;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a key's life.
 *
 * @param rotationPeriodDays after how many days its current version is replaced
 * @param usageLimit how often one version may protect; 0 for no limit
 * @param activates when a key that is pre-active becomes active by itself
 * @param destruction the destruction that is ordered, if one is
 */
public record Terms(
        @Nullable Integer rotationPeriodDays,
        long usageLimit,
        @Nullable Instant activates,
        @Nullable Destruction destruction) {

    /**
     * A destruction that was ordered and not yet done.
     *
     * @param days how many lie between the order and {@code due}
     * @param order uid of the intent of the order
     * @param approval id of the approval it was given by
     */
    public record Destruction(Instant due, int days, String order, String approval) {}

    Terms with(@Nullable Destruction ordered) {
        return new Terms(rotationPeriodDays, usageLimit, activates, ordered);
    }

    Terms rotatedAfter(@Nullable Integer days) {
        return new Terms(days, usageLimit, activates, destruction);
    }
}
