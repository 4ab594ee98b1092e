package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of a policy bundle. The bytes travel with the job, so a task manager needs no file. */
public final class BundleRules implements Rules.Source {
    private static final long serialVersionUID = 1;

    private final byte[] bundle;
    private final @Nullable String parameters;

    /** @param parameters JSON in place of the bundle's own parameters; null keeps those */
    public BundleRules(byte[] bundle, @Nullable String parameters) {
        this.bundle = bundle.clone();
        this.parameters = parameters;
    }

    @Override
    public Rules open() throws PolicyException {
        PolicyBundle opened = PolicyBundle.of(bundle);
        return new Engine(
                parameters == null ? PolicyEngine.load(opened, 1) : PolicyEngine.load(opened, tree(parameters), 1));
    }

    private static JsonNode tree(String json) throws PolicyException {
        try {
            return JsonMapper.builder().build().readTree(json);
        } catch (JsonProcessingException e) {
            throw new PolicyException("policy data is not JSON", e);
        }
    }

    /** The engine behind the job's own view of it. */
    private record Engine(PolicyEngine engine) implements Rules {
        @Override
        public List<RuleResult> evaluate(JsonNode input) throws PolicyException {
            return engine.evaluate(input);
        }

        @Override
        public String policyDigest() {
            return engine.policyDigest();
        }

        @Override
        public String dataDigest() {
            return engine.dataDigest();
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
