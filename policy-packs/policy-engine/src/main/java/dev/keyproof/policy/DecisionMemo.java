package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine that decides once what it cannot tell apart: inputs that are the same in all that the policy reads of them. Bounded, and
 * safe for many threads. What could not be decided is not remembered.
 */
public final class DecisionMemo {
    private final PolicyEngine engine;
    private final Reads reads;

    private final Cache<Question, Decision> decided;
    /** What another policy reads that reads the same. */
    private volatile Reads alike;

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
        this.alike = reads;
        this.decided = Caffeine.newBuilder().maximumSize(most).build();
    }

    /** As {@link PolicyEngine#authorise}. The input is kept in part: it must not change any more. */
    public Decision authorise(JsonNode input) {
        return authorise(question(input), () -> input);
    }

    /** What an input asks of this policy, so that it need be found out once for policies that read the same of it. */
    public Question question(JsonNode input) {
        List<Object> read = reads.of(input);
        return new Question(reads, read, read.hashCode());
    }

    /** The same, of an input of which another policy's question is known: most versions of a policy read the same. */
    public Question question(JsonNode input, Question known) {
        if (!known.isOf(alike)) {
            if (!known.reads.equals(reads)) {
                return question(input);
            }
            alike = known.reads;
        }
        return new Question(reads, known.read, known.hash);
    }

    /**
     * As {@link PolicyEngine#authorise}, of an input that need not be there as long as the decision is remembered.
     *
     * @throws IllegalArgumentException when the question is another policy's
     */
    public Decision authorise(Question question, Supplier<JsonNode> input) {
        if (!question.isOf(reads)) {
            throw new IllegalArgumentException("a question of another policy");
        }
        Decision known = decided.getIfPresent(question);
        if (known != null) {
            hits.increment();
            return known;
        }
        misses.increment();
        Decision decision = engine.authorise(input.get());
        if (!decision.reasons().contains(Decision.ERROR)) {
            decided.put(question, decision);
        }
        return decision;
    }

    /** All that a policy can tell of an input. Those that it cannot tell apart are the same question. */
    public static final class Question {
        private final Reads reads;
        private final List<Object> read;
        private final int hash;

        private Question(Reads reads, List<Object> read, int hash) {
            this.reads = reads;
            this.read = read;
            this.hash = hash;
        }

        @SuppressWarnings("ReferenceEquality") // Asked for each event, and the same object each time.
        private boolean isOf(Reads policy) {
            return reads == policy;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question question && hash == question.hash && read.equals(question.read);
        }

        @Override
        public int hashCode() {
            return hash;
        }
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
