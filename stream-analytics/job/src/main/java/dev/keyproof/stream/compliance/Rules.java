package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** Rules that are open. Used by one thread. */
public interface Rules extends AutoCloseable {
    /** Each rule's result on {@code {"key": state, "history": {...}, "time": {...}}}. */
    List<RuleResult> evaluate(JsonNode input) throws PolicyException;

    /** {@code sha256:} digest of the bundle. */
    String policyDigest();

    /** {@code sha256:} digest of the parameters it reads. */
    String dataDigest();

    @Override
    void close();

    /** Carried to where the rules are opened, once per task. */
    interface Source extends Serializable {
        Rules open() throws PolicyException;

        /** Looks for what is put in the rules' place and is not used; nothing where they stay as they are. */
        default Optional<BundleWatch> watch() {
            return Optional.empty();
        }
    }
}
