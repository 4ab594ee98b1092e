package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * An engine that decides once what it cannot tell apart: inputs that are the same in all that the policy reads of them. Bounded, and
 * safe for many threads. What could not be decided is not remembered.
 */
public final class DecisionMemo {
    private final PolicyEngine engine;
    private final Reads reads;

    private final Cache<List<Object>, Decision> decided;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * A memory over that engine.
     *
     * @param most how many decisions it keeps
     */
    public static DecisionMemo over(PolicyEngine engine, int most) {
        return new DecisionMemo(engine, engine.reads(), most);
    }

    private DecisionMemo(PolicyEngine engine, Reads reads, int most) {
        this.engine = engine;
        this.reads = reads;
        this.decided = Caffeine.newBuilder().maximumSize(most).build();
    }

    /** As {@link PolicyEngine#authorise}. The input is kept in part: it must not change any more. */
    public Decision authorise(JsonNode input) {
        List<Object> read = reads.of(input);
        Decision known = decided.getIfPresent(read);
        if (known != null) {
            hits.increment();
            return known;
        }
        misses.increment();
        Decision decision = engine.authorise(input);
        if (!decision.reasons().contains(Decision.ERROR)) {
            decided.put(read, decision);
        }
        return decision;
    }

    /** How often a decision was remembered. */
    public long hits() {
        return hits.sum();
    }

    /** How often the engine was asked. */
    public long misses() {
        return misses.sum();
    }
}
