package dev.keyproof.broker.metrics;

import dev.keyproof.broker.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The meters of calls: looked up by nothing but the operation's name, so that a call costs some hundred nanoseconds more. Thread-safe.
 */
public final class Meters {
    /** Below, around and above what the objectives ask for (10 to 30 and 20 to 50 ms at the 95th percentile). */
    private static final Duration[] BUCKETS =
            millis(1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 250, 500, 1_000, 2_500, 10_000);

    private static final Duration[] FINE =
            micros(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 500_000);

    /** Reason codes are policy's, so their number is not known here; what comes after these is counted as one. */
    private static final int MOST_REASONS = 200;

    private final MeterRegistry registry;
    private final CallListener listener;
    private final ConcurrentMap<String, Outcomes> operations = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Timer decision;
    private final Timer append;

    public Meters(MeterRegistry registry, CallListener listener) {
        this.registry = registry;
        this.listener = listener;
        this.decision = Timer.builder("keyproof.decision.duration")
                .description("Time in which policy decided")
                .serviceLevelObjectives(FINE)
                .register(registry);
        this.append = Timer.builder("keyproof.journal.append.duration")
                .description("Time until a record was durable")
                .serviceLevelObjectives(FINE)
                .register(registry);
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }

    private static Duration[] micros(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.of(values[i], ChronoUnit.MICROS);
        }
        return durations;
    }

    /** The timers of one operation. */
    private record Outcomes(Timer success, Timer refused, Timer failed) {}

    private Outcomes of(String operation) {
        Outcomes known = operations.get(operation);
        return known != null
                ? known
                : operations.computeIfAbsent(
                        operation,
                        name -> new Outcomes(timer(name, "success"), timer(name, "refused"), timer(name, "failed")));
    }

    private Timer timer(String operation, String outcome) {
        return Timer.builder("keyproof.operation.duration")
                .description("Time from the arrival of a call until its record was durable")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** A call that was answered as asked. */
    public void succeeded(String operation, long nanos) {
        of(operation).success().record(nanos, TimeUnit.NANOSECONDS);
        listener.answered(operation, true, false, nanos);
    }

    /** A call that was not: refused where the caller is to change something, failed where the broker could not. */
    public void failed(String operation, ProblemException why, long nanos) {
        boolean refused = why.problem().status() < 500;
        (refused ? of(operation).refused() : of(operation).failed()).record(nanos, TimeUnit.NANOSECONDS);
        listener.answered(operation, false, !refused, nanos);
        String error = why.problem().id();
        if (why.reasons().isEmpty()) {
            refusal(error, "").increment();
        } else {
            why.reasons().forEach(reason -> refusal(error, reason).increment());
        }
    }

    private Counter refusal(String error, String reason) {
        String kept = refusals.size() < MOST_REASONS || refusals.containsKey(error + "/" + reason) ? reason : "others";
        return refusals.computeIfAbsent(
                error + "/" + kept,
                name -> Counter.builder("keyproof.refusals")
                        .description("Calls that were not answered as asked, by problem and by policy's reason")
                        .tag("error.type", error)
                        .tag("reason", kept)
                        .register(registry));
    }

    /** Takes the nanoseconds of a decision. */
    public LongConsumer decision() {
        return nanos -> decision.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes the nanoseconds of an append. */
    public LongConsumer append() {
        return nanos -> append.record(nanos, TimeUnit.NANOSECONDS);
    }
}
