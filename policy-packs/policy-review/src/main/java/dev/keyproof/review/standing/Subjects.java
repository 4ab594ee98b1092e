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
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** All of a history that the rules judge, folded from its events by one thread, and then judged by several. */
public final class Subjects {
    private final Keys keys = new Keys();
    private final Others others = new Others();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private boolean whole = true;

    /** Remembers what an event tells of anything that is judged. */
    public void event(Place place, JsonNode event) {
        first = Math.min(first, place.time());
        last = Math.max(last, place.time());
        keys.event(place, event);
        others.event(place, event);
    }

    /** The moment of judgement, in milliseconds since 1970: the end of the period, or where it has none the last event. */
    public long at(Period period) {
        return period.to() < Period.ALL.to() ? period.to() : Math.max(0, last);
    }

    /** What was told is a part of the log only: of what it lacks nothing can be said. */
    public void ofPart() {
        whole = false;
    }

    private List<Subject> known() {
        return Stream.concat(keys.subjects().stream(), others.subjects(whole).stream())
                .toList();
    }

    /**
     * How everything that is known stands at a moment, under the one policy and the other.
     *
     * @param at milliseconds since 1970
     * @param threads how many judge at once
     */
    public StandingReport judged(PolicyEngine base, PolicyEngine head, long at, int threads)
            throws InterruptedException {
        StandingTally tally = new StandingTally(at);
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Judged>> judging = new ArrayList<>();
            for (Subject subject : known()) {
                judging.add(workers.submit(() -> {
                    JsonNode input = subject.input().apply(at);
                    return new Judged(subject, verdicts(base, input), verdicts(head, input));
                }));
            }
            for (Future<Judged> one : judging) {
                tally.add(one.get());
            }
            return tally.report();
        } catch (ExecutionException e) {
            throw new IllegalStateException("what is known cannot be judged", e);
        }
    }

    /**
     * How everything that is known stands at a moment.
     *
     * @param at milliseconds since 1970
     * @param threads how many judge at once
     * @throws PolicyException if the rules fail on anything
     */
    public Posture posture(PolicyEngine engine, long at, int threads) throws PolicyException, InterruptedException {
        Posture.Gathering gathering = new Posture.Gathering();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Subject> known = known();
            List<Future<List<RuleResult>>> judging = new ArrayList<>();
            for (Subject subject : known) {
                judging.add(workers.submit(() -> engine.evaluate(subject.input().apply(at))));
            }
            for (int i = 0; i < judging.size(); i++) {
                gathering.add(known.get(i), judging.get(i).get());
            }
            return gathering.posture(at, engine.policyDigest(), engine.dataDigest());
        } catch (ExecutionException e) {
            throw new PolicyException("what is known cannot be judged: " + e.getCause(), e);
        }
    }

    /** Who finds out since when, by reading the same history again. */
    public Failing failing(PolicyEngine engine, Posture posture) {
        return new Failing(engine, posture, first, whole);
    }

    /**
     * One subject under two policies.
     *
     * @param before by the rules' names; empty where it could not be judged at all
     */
    record Judged(Subject subject, Optional<Map<String, RuleResult>> before, Optional<Map<String, RuleResult>> after) {}

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
