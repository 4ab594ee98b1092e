package dev.keyproof.broker.slo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.metrics.CallListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The promises that policy's data makes of the broker, counted as calls are answered. Thread-safe. */
public final class Objectives implements CallListener {
    private static final String BROKER = "broker";
    private static final String DATABASE = "database";

    private final JsonNode targets;
    private final long quorumMinutes;
    private final SloStore store;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Instant started;
    private final Window available;
    private final Map<String, Latency> byOperation = new HashMap<>();
    private final Map<String, Latency> latencies = new HashMap<>();

    /** A promise about how long calls take. */
    private record Latency(long nanos, Window window) {}

    /**
     * The promises.
     *
     * @param parameters policy's parameters, whose {@code slos} they are
     */
    public Objectives(JsonNode parameters, SloStore store, Clock clock, LongSupplier nanoTime) {
        this.targets = parameters.path("slos");
        // Who approves is told by the same number that time runs out.
        this.quorumMinutes = parameters.path("approving").path("quorumMinutes").asLong();
        this.store = store;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.started = clock.instant();
        this.available = new Window(window("availability"), nanoTime.getAsLong());
        for (String name : List.of("encrypt-decrypt", "sign")) {
            Latency latency = new Latency(
                    TimeUnit.MILLISECONDS.toNanos(
                            targets.path(name).path("milliseconds").asLong()),
                    new Window(window(name), nanoTime.getAsLong()));
            latencies.put(name, latency);
            targets.path(name).path("operations").forEach(operation -> byOperation.put(operation.asText(), latency));
        }
    }

    private Duration window(String name) {
        return Duration.ofMinutes(targets.path(name).path("windowMinutes").asLong(1));
    }

    @Override
    public void answered(String operation, boolean success, boolean failed, long nanos) {
        long now = nanoTime.getAsLong();
        available.count(!failed, now);
        Latency latency = success ? byOperation.get(operation) : null;
        if (latency != null) {
            latency.window().count(nanos <= latency.nanos(), now);
        }
    }

    /** How far each is kept now. */
    public List<Objective> now() {
        long now = nanoTime.getAsLong();
        List<Objective> all = new ArrayList<>();
        for (String name : List.of("encrypt-decrypt", "sign")) {
            Latency latency = latencies.get(name);
            all.add(objective(
                    name,
                    targets.path(name).path("operations") + " answered within "
                            + targets.path(name).path("milliseconds").asLong() + " ms",
                    BROKER,
                    latency == null ? null : latency.window().counted(now)));
        }
        all.add(objective(
                "availability", "calls of known callers not failed by the broker", BROKER, available.counted(now)));
        long hours = targets.path("kek-rotation").path("hours").asLong();
        all.add(objective(
                "kek-rotation",
                "data keys moved to their KEK's new version within " + hours + " hours",
                DATABASE,
                store.moves(window("kek-rotation"), Duration.ofHours(hours))));
        all.add(objective("audit-completeness", "records of every source without gap and attested", "stream", null));
        all.add(objective(
                "quorum",
                "quorums that stood within " + quorumMinutes + " minutes of the request",
                DATABASE,
                store.quorums(window("quorum"), Duration.ofMinutes(quorumMinutes))));
        return all;
    }

    private Objective objective(String name, String target, String source, Window.@Nullable Counted counted) {
        Instant from = clock.instant().minus(window(name));
        return Objective.of(
                name,
                target,
                targets.path(name).path("share").asDouble(1),
                window(name).toMinutes(),
                source,
                source.equals("stream")
                        ? null
                        : (source.equals(BROKER) && from.isBefore(started) ? started : from).toString(),
                counted);
    }
}
