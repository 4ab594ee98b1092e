package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * An engine that decides once what it cannot tell apart: inputs that are the same in all that the policy reads of them. Bounded, and
 * safe for many threads. What could not be decided is not remembered.
 */
public final class DecisionMemo {
    private final PolicyEngine engine;
    private final Reads reads;

    /** What a cache is given stays there for a moment, even where it is to hold nothing. */
    private final boolean remembers;

    private final Cache<List<Object>, Decision> decided;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * A memory over that engine.
     *
     * @param most how many decisions it keeps; 0 for none
     */
    public static DecisionMemo over(PolicyEngine engine, int most) {
        return new DecisionMemo(engine, engine.reads(), most);
    }

    private DecisionMemo(PolicyEngine engine, Reads reads, int most) {
        this.engine = engine;
        this.reads = reads;
        this.remembers = most > 0;
        this.decided = Caffeine.newBuilder().maximumSize(most).build();
    }

    /** As {@link PolicyEngine#authorise}. The input is kept in part: it must not change any more. */
    public Decision authorise(JsonNode input) {
        return authorise(input, () -> input);
    }

    /**
     * As {@link PolicyEngine#authorise}, of an input that need not be there as long as the decision is remembered.
     *
     * @param read of the input all that this policy reads
     */
    public Decision authorise(JsonNode read, Supplier<JsonNode> input) {
        List<Object> question = reads.of(read);
        Decision known = decided.getIfPresent(question);
        if (known != null) {
            hits.increment();
            return known;
        }
        misses.increment();
        Decision decision = engine.authorise(input.get());
        if (remembers && !decision.reasons().contains(Decision.ERROR)) {
            decided.put(question, decision);
        }
        return decision;
    }

    Reads reads() {
        return reads;
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
