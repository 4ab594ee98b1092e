package dev.keyproof.broker.decision;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.Told;
import dev.keyproof.broker.throttle.Throttle;
import dev.keyproof.policy.PolicyException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses what policy refuses, and tells who asked for it why, as far as policy lets that caller know. An explanation costs far more than a
 * decision, so each caller has a measure of its own; who has used it up, or whose explanation cannot be had, is refused without. Thread-safe.
 */
public final class Explanations {
    private static final Logger LOG = LoggerFactory.getLogger(Explanations.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Told>> ALL_TOLD = new TypeReference<>() {};

    private final PolicyInForce policy;
    private final Throttle throttle;

    public Explanations(PolicyInForce policy, Throttle throttle) {
        this.policy = policy;
        this.throttle = throttle;
    }

    /**
     * Returns if the policy allows.
     *
     * @throws ProblemException as {@link Verdict#require}; explained where it is {@link Problem#DENIED} and the call asks for that
     */
    public void require(Call call, Verdict verdict, boolean known, boolean transition) throws ProblemException {
        try {
            verdict.require(known, transition);
        } catch (ProblemException e) {
            boolean explains = e.problem() == Problem.DENIED
                    && call.explained()
                    && throttle.takeExplanation(call.caller().id());
            throw explains ? e.explained(told(call, verdict)) : e;
        }
    }

    private List<Told> told(Call call, Verdict verdict) {
        try {
            return policy.told(verdict.recorded())
                    .map(told -> JSON.convertValue(told, ALL_TOLD))
                    .orElse(List.of());
        } catch (PolicyException | RuntimeException e) {
            LOG.warn("event=refusal-not-explained request={} reason=\"{}\"", call.request(), e.getMessage());
            return List.of();
        }
    }
}
