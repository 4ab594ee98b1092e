package dev.keyproof.broker.decision;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension;
import dev.keyproof.policy.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision, and what of it goes on the record. */
public record Verdict(Decision decision, Extension.Decision recorded) {
    /** What the policy calls a refusal for the key's state alone. */
    private static final List<String> STATE_ALONE = List.of("key-state");

    private static final List<String> CHANGE_ALONE = List.of("change-required");

    /** How often a version of the key may protect, as policy says today; 0 where it sets no limit. */
    public long usageLimit() {
        return decision.result().path("obligations").path("usageLimit").asLong(0);
    }

    /** Whether nothing but a change of the organisation's own process is missing. */
    public boolean lacksChange() {
        return decision.reasons().equals(CHANGE_ALONE);
    }

    /** The hat that the caller puts on by this call, if policy says so. */
    public @Nullable String wear() {
        return decision.result().path("obligations").path("wear").textValue();
    }

    /** The elevation that the call is made under, if it is made under one. */
    public @Nullable String elevation() {
        return decision.result().path("obligations").path("elevation").textValue();
    }

    /**
     * Returns if the policy allows.
     *
     * @param known whether there is such a key, or the call is about none
     * @param transition whether the call would change a key's state
     * @throws ProblemException {@link Problem#ILLEGAL_STATE} where only the key's state is in the way of a transition,
     *     {@link Problem#KEY_NOT_FOUND} for an unknown key of a caller whose role permits, else {@link Problem#DENIED}
     */
    public void require(boolean known, boolean transition) throws ProblemException {
        if (decision.allow()) {
            return;
        }
        if (transition && decision.reasons().equals(STATE_ALONE)) {
            throw new ProblemException(Problem.ILLEGAL_STATE, "the key's state does not allow this");
        }
        if (!known && !decision.reasons().contains("role-not-permitted")) {
            throw new ProblemException(Problem.KEY_NOT_FOUND, "there is no such key");
        }
        throw ProblemException.denied(decision.reasons());
    }
}
