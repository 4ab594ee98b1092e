package dev.keyproof.stream.detect;

import java.io.Serializable;
import java.util.Map;

/**
 * What detectors hold to be too much.
 *
 * @param burst per key: more than {@code limits[operation]} items of one operation within {@code seconds}
 * @param denials per caller: more than {@code limit} refused calls within {@code seconds}
 * @param afterDisable a key is used within {@code seconds} after it was taken out of service
 */
public record Limits(Burst burst, Denials denials, AfterDisable afterDisable) implements Serializable {
    /** Items of one operation on one key. */
    public record Burst(int seconds, Map<String, Integer> limits) implements Serializable {}

    /** Refused calls of one caller. */
    public record Denials(int seconds, int limit) implements Serializable {}

    /** How long a key that was disabled or destroyed is watched. */
    public record AfterDisable(int seconds) implements Serializable {}
}
