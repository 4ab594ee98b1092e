package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What was asked of policy and what it answered. Calls of which nothing differs that is asked of the history may share one, so that what was
 * found out of it is found out of all of them; one is the same as itself only.
 */
public final class Case {
    private final String policy;
    private final String data;
    private final JsonNode input;
    private final JsonNode result;

    Case(JsonNode decision) {
        this.policy = decision.path("policy").asText();
        this.data = decision.path("data").asText();
        this.input = decision.path("input");
        this.result = decision.path("result");
    }

    /** Digest of the bundle that decided. */
    public String policy() {
        return policy;
    }

    /** Digest of the data that it read. */
    public String data() {
        return data;
    }

    /** What was asked for of all that it read of the call. */
    public JsonNode input() {
        return input;
    }

    /** All that it answered. */
    public JsonNode result() {
        return result;
    }
}
