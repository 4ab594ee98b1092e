package dev.keyproof.broker.slo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.metrics.CallListener;
import dev.keyproof.broker.policy.Derived;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The promises that policy's data makes of the broker, counted as calls are answered. Thread-safe. */
public final class Objectives implements CallListener {
    private static final String BROKER = "broker";
    private static final String DATABASE = "database";
    private static final String EVIDENCE = "evidence-service";

    private static final List<String> LATENCIES = List.of("encrypt-decrypt", "sign");

    private final SloStore store;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Derived<Promises> promises;

    /** A promise about how long calls take. */
    private record Latency(long nanos, Window window) {}

    /** What is promised by one policy, and counted since it is. */
    private record Promises(
            JsonNode targets,
            long quorumMinutes,
            Instant started,
            Window available,
            Map<String, Latency> byOperation,
            Map<String, Latency> latencies) {
        static Promises of(JsonNode parameters, Instant started, long nanos) {
            JsonNode targets = parameters.path("slos");
            Map<String, Latency> byOperation = new HashMap<>();
            Map<String, Latency> latencies = new HashMap<>();
            for (String name : LATENCIES) {
                Latency latency = new Latency(
                        TimeUnit.MILLISECONDS.toNanos(
                                targets.path(name).path("milliseconds").asLong()),
                        new Window(window(targets, name), nanos));
                latencies.put(name, latency);
                targets.path(name).path("operations").forEach(one -> byOperation.put(one.asText(), latency));
            }
            return new Promises(
                    targets,
                    // Who approves is told by the same number that time runs out.
                    parameters.path("approving").path("quorumMinutes").asLong(),
                    started,
                    new Window(window(targets, "availability"), nanos),
                    Map.copyOf(byOperation),
                    Map.copyOf(latencies));
        }

        /** The same counts where another policy promises the same. */
        Promises under(JsonNode other, Instant now, long nanos) {
            return other.path("slos").equals(targets)
                    ? new Promises(
                            targets,
                            other.path("approving").path("quorumMinutes").asLong(),
                            started,
                            available,
                            byOperation,
                            latencies)
                    : of(other, now, nanos);
        }
    }

    /**
     * The promises.
     *
     * @param parameters policy's parameters, whose {@code slos} they are
     */
    public Objectives(Supplier<JsonNode> parameters, SloStore store, Clock clock, LongSupplier nanoTime) {
        this.store = store;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.promises = Derived.of(
                parameters,
                (data, before) -> before.isPresent()
                        ? before.get().under(data, clock.instant(), nanoTime.getAsLong())
                        : Promises.of(data, clock.instant(), nanoTime.getAsLong()));
    }

    private static Duration window(JsonNode targets, String name) {
        return Duration.ofMinutes(targets.path(name).path("windowMinutes").asLong(1));
    }

    @Override
    public void answered(String operation, boolean success, boolean failed, long nanos) {
        long now = nanoTime.getAsLong();
        Promises promised = promises.get();
        promised.available().count(!failed, now);
        Latency latency = success ? promised.byOperation().get(operation) : null;
        if (latency != null) {
            latency.window().count(nanos <= latency.nanos(), now);
        }
    }

    /** How far each is kept now. */
    public List<Objective> now() {
        long now = nanoTime.getAsLong();
        Promises promised = promises.get();
        JsonNode targets = promised.targets();
        List<Objective> all = new ArrayList<>();
        for (String name : LATENCIES) {
            Latency latency = promised.latencies().get(name);
            all.add(objective(
                    promised,
                    name,
                    targets.path(name).path("operations") + " answered within "
                            + targets.path(name).path("milliseconds").asLong() + " ms",
                    BROKER,
                    latency == null ? null : latency.window().counted(now)));
        }
        all.add(objective(
                promised,
                "availability",
                "calls of known callers not failed by the broker",
                BROKER,
                promised.available().counted(now)));
        long hours = targets.path("kek-rotation").path("hours").asLong();
        all.add(objective(
                promised,
                "kek-rotation",
                "data keys moved to their KEK's new version within " + hours + " hours",
                DATABASE,
                store.moves(window(targets, "kek-rotation"), Duration.ofHours(hours))));
        all.add(objective(
                promised, "audit-completeness", "records of every source without gap and attested", EVIDENCE, null));
        all.add(objective(
                promised,
                "quorum",
                "quorums that stood within " + promised.quorumMinutes() + " minutes of the request",
                DATABASE,
                store.quorums(window(targets, "quorum"), Duration.ofMinutes(promised.quorumMinutes()))));
        return all;
    }

    private Objective objective(
            Promises promised, String name, String target, String source, Window.@Nullable Counted counted) {
        JsonNode targets = promised.targets();
        Instant from = clock.instant().minus(window(targets, name));
        return Objective.of(
                name,
                target,
                targets.path(name).path("share").asDouble(1),
                window(targets, name).toMinutes(),
                source,
                source.equals(EVIDENCE)
                        ? null
                        : (source.equals(BROKER) && from.isBefore(promised.started()) ? promised.started() : from)
                                .toString(),
                counted);
    }
}
