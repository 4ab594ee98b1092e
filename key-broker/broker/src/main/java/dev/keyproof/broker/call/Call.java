package dev.keyproof.broker.call;

import com.github.f4b6a3.ulid.UlidCreator;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a known caller.
 *
 * @param request ULID of the request, made here
 * @param address IP address the call came from
 * @param run the run the caller says the call belongs to
 * @param change id of the change in the organisation's own process that the caller says it works on
 * @param expected the tags (ETag) of which the key must have one if it is to be changed, as the caller sent them
 * @param explained whether the caller asks to be told why, should policy refuse it
 * @param started when the call came in
 * @param startedNanos the same on the monotonic clock, for durations
 */
public record Call(
        String request,
        Caller caller,
        String address,
        @Nullable String userAgent,
        @Nullable String run,
        @Nullable String change,
        @Nullable String expected,
        boolean explained,
        Instant started,
        long startedNanos) {

    /** Another call of the same caller in the same request, which answers for itself alone. */
    public Call again() {
        return new Call(
                UlidCreator.getUlid().toString(),
                caller,
                address,
                userAgent,
                run,
                change,
                null,
                false,
                started,
                startedNanos);
    }

    /** The same call, of a key at that tag alone. */
    public Call expecting(String tag) {
        return new Call(request, caller, address, userAgent, run, change, tag, explained, started, startedNanos);
    }

    /** A call of the broker itself, about something that is due. */
    public static Call own(Clock clock) {
        return new Call(
                UlidCreator.getUlid().toString(),
                Caller.BROKER,
                "127.0.0.1",
                null,
                null,
                null,
                null,
                false,
                clock.instant(),
                System.nanoTime());
    }
}
