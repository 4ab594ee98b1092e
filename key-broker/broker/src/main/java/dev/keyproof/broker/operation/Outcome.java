package dev.keyproof.broker.operation;

import dev.keyproof.broker.decision.Verdict;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * An allowed call while its effect comes about: what is known of it, and the record that is being made.
 *
 * @param held the key it is about, if it is about one
 */
public record Outcome(@Nullable HeldKey held, Verdict verdict, Draft draft) {
    /** The key, where the action is about one. */
    public HeldKey key() throws ProblemException {
        if (held == null) {
            throw new ProblemException(Problem.KEY_NOT_FOUND, "there is no such key");
        }
        return held;
    }
}
