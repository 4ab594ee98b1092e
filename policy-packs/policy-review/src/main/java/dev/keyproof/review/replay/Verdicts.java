package dev.keyproof.review.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.history.Case;
import dev.keyproof.review.history.SealedDecision;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What two policies say to cases of a history; of calls that share a case it is found out once. Thread-safe. */
final class Verdicts {
    private final Policies kept;
    private final DecisionMemo base;
    private final DecisionMemo head;
    private final Cache<Case, Verdict> found;
    private final LongAdder again = new LongAdder();

    Verdicts(Policies kept, DecisionMemo base, DecisionMemo head) {
        this.kept = kept;
        this.base = base;
        this.head = head;
        this.found = Caffeine.newBuilder().maximumSize(kept.remembered()).build();
    }

    /**
     * What is true of a case.
     *
     * @param cited the policy that decided; empty where it was not kept
     * @param flips whether head decides otherwise than base
     * @param sealed whether base gives what was sealed
     */
    record Verdict(Optional<DecisionMemo> cited, Decision before, Decision after, boolean flips, boolean sealed) {
        private boolean isKeepable() {
            return !before.reasons().contains(Decision.ERROR)
                    && !after.reasons().contains(Decision.ERROR);
        }
    }

    Verdict of(SealedDecision decision) throws PolicyException {
        Verdict known = found.getIfPresent(decision.asked());
        if (known != null) {
            again.increment();
            return known;
        }
        Verdict verdict = found(decision);
        if (kept.remembered() > 0 && verdict.isKeepable()) {
            found.put(decision.asked(), verdict);
        }
        return verdict;
    }

    private Verdict found(SealedDecision decision) throws PolicyException {
        Case asked = decision.asked();
        Supplier<JsonNode> input = new Once(decision.input());
        Decision before = base.authorise(asked.input(), input);
        Decision after = head.authorise(asked.input(), input);
        return new Verdict(
                kept.under(asked.policy(), asked.data()),
                before,
                after,
                !before.result().equals(after.result()),
                before.result().equals(asked.result()));
    }

    /** Reads an input once, if at all. Used by one thread. */
    private static final class Once implements Supplier<JsonNode> {
        private final Supplier<JsonNode> input;
        private @Nullable JsonNode read;

        Once(Supplier<JsonNode> input) {
            this.input = input;
        }

        @Override
        public JsonNode get() {
            if (read == null) {
                read = input.get();
            }
            return read;
        }
    }

    /** Whether the policy that decided gives again what was sealed; empty where it was not kept. */
    Optional<Boolean> isSame(SealedDecision decision, Verdict verdict) {
        // What is reviewed most often starts from what decided. Any other may read what the two do not.
        return verdict.cited()
                .map(cited -> cited == base
                        ? verdict.sealed()
                        : cited.authorise(decision.input().get())
                                .result()
                                .equals(decision.asked().result()));
    }

    /** How many decisions by the two were not evaluated. */
    long remembered() {
        return 2 * again.sum() + base.hits() + head.hits();
    }
}
