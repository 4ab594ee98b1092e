package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.styra.opa.wasm.OpaPolicy;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** One instance of the policy's module with its data loaded. Used by one thread at a time. */
final class Evaluator {
    static final String DECISION = "keyproof/authz/decision";
    static final String EXPLANATION = "keyproof/authz/explanation";
    static final String RESULTS = "keyproof/compliance/results";

    /** 64 KiB pages: 32 MiB, hundreds of times what the largest event needs. Beyond it the evaluation fails. */
    private static final int MOST_PAGES = 512;

    /** Evaluations before the first real one, so that this one does not load classes. */
    private static final int WARM_UP = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpaPolicy policy;
    private final int decision;
    private final int results;
    /** Empty in a bundle of before, which is decided by as ever. */
    private final Optional<Integer> explanation;

    private Evaluator(OpaPolicy policy, int decision, int results, Optional<Integer> explanation) {
        this.policy = policy;
        this.decision = decision;
        this.results = results;
        this.explanation = explanation;
    }

    /** Takes up to seconds: the module is compiled. @throws PolicyException when it is not a module of ours */
    static Evaluator build(byte[] wasm, JsonNode data) throws PolicyException {
        try {
            OpaPolicy policy = OpaPolicy.builder()
                    .withPolicy(wasm)
                    .withMaxMemory(MOST_PAGES)
                    .withDefaultBuiltins(false)
                    .build();
            Map<String, Integer> entrypoints = policy.entrypoints();
            policy.data(data);
            Evaluator evaluator = new Evaluator(
                    policy,
                    entrypoint(entrypoints, DECISION),
                    entrypoint(entrypoints, RESULTS),
                    Optional.ofNullable(entrypoints.get(EXPLANATION)));
            for (int i = 0; i < WARM_UP; i++) {
                evaluator.decide(JSON.createObjectNode());
                evaluator.results(JSON.createObjectNode());
            }
            return evaluator;
        } catch (RuntimeException | IOException e) {
            throw new PolicyException("policy module cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static int entrypoint(Map<String, Integer> entrypoints, String name) throws PolicyException {
        Integer number = entrypoints.get(name);
        if (number == null) {
            throw new PolicyException("policy module has no entrypoint " + name + ": it has " + entrypoints.keySet());
        }
        return number;
    }

    /** Empty when the policy leaves the decision undefined. Throws what the module throws; then it is used no more. */
    Optional<JsonNode> decide(JsonNode input) throws IOException {
        return evaluate(decision, input);
    }

    Optional<JsonNode> results(JsonNode input) throws IOException {
        return evaluate(results, input);
    }

    Optional<JsonNode> explain(JsonNode input) throws IOException {
        return explanation.isEmpty() ? Optional.empty() : evaluate(explanation.get(), input);
    }

    private Optional<JsonNode> evaluate(int entrypoint, JsonNode input) throws IOException {
        JsonNode answers = JSON.readTree(policy.entrypoint(entrypoint).evaluate(input));
        return answers.isEmpty() ? Optional.empty() : Optional.of(answers.get(0).path("result"));
    }
}
