package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/**
 * A decision as it was sealed.
 *
 * @param policy digest of the bundle that decided
 * @param data digest of the data that it read
 * @param input what was asked for of all that it read of the call, and always who called what with which key
 * @param result all that it answered
 * @param whole all that it read of the call
 */
public record SealedDecision(
        Place place, String policy, String data, JsonNode input, JsonNode result, Supplier<JsonNode> whole) {
    public String operation() {
        return input.path("operation").asText();
    }

    public String actor() {
        return input.path("actor").path("id").asText();
    }

    /** Id of the key it is about; empty for none. */
    public String key() {
        return input.path("key").path("id").asText();
    }
}
