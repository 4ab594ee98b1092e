package dev.keyproof.broker.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where policy is read from.
 *
 * @param bundle bundle file; the one on the class path, which is part of the program, when absent
 * @param trust which files are taken
 * @param check throws {@link IllegalArgumentException} at parameters that the schema lets pass and the broker cannot go by
 */
public record PolicySource(@Nullable Path bundle, BundleTrust trust, Consumer<JsonNode> check) {
    /**
     * Loads what is there.
     *
     * @throws PolicyException if it cannot be read, is not to be trusted, does not load, or its data is out of bounds
     */
    PolicyEngine load() throws PolicyException {
        PolicyEngine engine = PolicyEngine.load(bundle == null ? PolicyBundle.builtIn() : trust.read(bundle));
        try {
            check.accept(engine.data().path("keyproof").path("parameters"));
            return engine;
        } catch (IllegalArgumentException e) {
            throw new PolicyException("data: " + e.getMessage(), e);
        }
    }

    /** Who vouches for it, for the record: the program, a key, or nobody. */
    String signature() {
        return bundle == null ? "program" : trust.recorded();
    }
}
