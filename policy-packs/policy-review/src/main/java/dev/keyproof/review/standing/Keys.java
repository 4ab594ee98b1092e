package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All keys of a history, folded from its events by one thread, and then judged by several. */
public final class Keys {
    private static final String OPERATION = "operation";

    private final Map<String, KeyRecord> keys = new TreeMap<>();
    private long last = Long.MIN_VALUE;

    /** Remembers what an event tells of a key. */
    public void event(Place place, JsonNode event) {
        last = Math.max(last, place.time());
        String key = event.path("resources").path(0).path("uid").asText();
        if (!key.isEmpty()
                && event.path("unmapped").path("keyproof").path("kind").asText().equals(OPERATION)) {
            keys.computeIfAbsent(key, any -> new KeyRecord()).outcome(place, event);
        }
    }

    /** The moment at which keys are judged, in milliseconds since 1970: the end of the period, or where it has none the last event. */
    public long at(Period period) {
        return period.to() < Period.ALL.to() ? period.to() : Math.max(0, last);
    }

    /**
     * How every key whose state is known stands at a moment, under the one policy and the other.
     *
     * @param at milliseconds since 1970
     * @param threads how many judge at once
     */
    public StandingReport judged(PolicyEngine base, PolicyEngine head, long at, int threads)
            throws InterruptedException {
        StandingTally tally = new StandingTally(at);
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Judged>> judging = new ArrayList<>();
            keys.forEach((key, record) -> {
                Place told = record.told();
                if (told != null) {
                    judging.add(workers.submit(() -> {
                        JsonNode input = record.input(at);
                        return new Judged(key, told, verdicts(base, input), verdicts(head, input));
                    }));
                }
            });
            for (Future<Judged> one : judging) {
                tally.add(one.get());
            }
            return tally.report();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a key cannot be judged", e);
        }
    }

    /**
     * How every key whose state is known stands at a moment.
     *
     * @param at milliseconds since 1970
     * @param threads how many judge at once
     * @throws PolicyException if the rules fail on a key
     */
    public Posture posture(PolicyEngine engine, long at, int threads) throws PolicyException, InterruptedException {
        Posture.Gathering gathering = new Posture.Gathering();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            Map<String, Future<List<RuleResult>>> judging = new TreeMap<>();
            keys.forEach((key, record) -> {
                if (record.told() != null) {
                    judging.put(key, workers.submit(() -> engine.evaluate(record.input(at))));
                }
            });
            for (Map.Entry<String, Future<List<RuleResult>>> one : judging.entrySet()) {
                Place told = Objects.requireNonNull(keys.get(one.getKey())).told();
                gathering.add(
                        one.getKey(),
                        Objects.requireNonNull(told),
                        one.getValue().get());
            }
            return gathering.posture(at, engine.policyDigest(), engine.dataDigest());
        } catch (ExecutionException e) {
            throw new PolicyException("a key cannot be judged: " + e.getCause(), e);
        }
    }

    /**
     * One key under two policies.
     *
     * @param told where the record tells its state
     * @param before by the rules' names; empty where the key could not be judged at all
     */
    record Judged(
            String key,
            Place told,
            Optional<Map<String, RuleResult>> before,
            Optional<Map<String, RuleResult>> after) {}

    private static Optional<Map<String, RuleResult>> verdicts(PolicyEngine engine, JsonNode input) {
        try {
            Map<String, RuleResult> verdicts = new HashMap<>();
            engine.evaluate(input).forEach(result -> verdicts.put(result.rule(), result));
            return Optional.of(verdicts);
        } catch (PolicyException e) {
            return Optional.empty();
        }
    }
}
