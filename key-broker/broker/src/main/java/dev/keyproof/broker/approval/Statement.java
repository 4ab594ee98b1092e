package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.time.Instant;
import org.erdtman.jcs.JsonCanonicalizer;

/** The text that approvers sign: all that an approval is bound to, in canonical form. */
final class Statement {
    private Statement() {}

    static String of(
            String audience,
            String id,
            String operation,
            String key,
            JsonNode parameters,
            String change,
            String requester,
            Instant expires)
            throws ProblemException {
        return canonical(JsonNodeFactory.instance
                .objectNode()
                .put("aud", audience)
                .put("change", change)
                .put("exp", expires.getEpochSecond())
                .put("id", id)
                .put("key", key)
                .put("operation", operation)
                .put("parameters", digest(canonical(parameters)))
                .put("requester", requester));
    }

    static String canonical(JsonNode node) throws ProblemException {
        try {
            return new JsonCanonicalizer(node.toString()).getEncodedString();
        } catch (IOException e) {
            throw new ProblemException(Problem.INVALID_INPUT, "parameters: have no canonical form", e);
        }
    }

    static String digest(String text) {
        return Digest.named(text);
    }
}
