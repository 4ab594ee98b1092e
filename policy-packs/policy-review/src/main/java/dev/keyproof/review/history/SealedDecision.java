package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/**
 * A decision as it was sealed.
 *
 * @param asked what was asked and answered; other decisions may share it
 * @param input all that policy read of this call
 */
public record SealedDecision(Place place, Case asked, Supplier<JsonNode> input) {
    /** What was called by whom with which key. */
    public Call call() {
        JsonNode whole = input.get();
        return new Call(
                whole.path("operation").asText(),
                whole.path("actor").path("id").asText(),
                whole.path("key").path("id").asText());
    }

    /**
     * A call.
     *
     * @param key id of the key it is about; empty for none
     */
    public record Call(String operation, String actor, String key) {}
}
