package dev.keyproof.broker.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a known caller.
 *
 * @param request ULID of the request, made here
 * @param address IP address the call came from
 * @param run the run the caller says the call belongs to
 * @param started when the call came in
 * @param startedNanos the same on the monotonic clock, for durations
 */
public record Call(
        String request,
        Caller caller,
        String address,
        @Nullable String userAgent,
        @Nullable String run,
        Instant started,
        long startedNanos) {}
