package dev.keyproof.broker.elevation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for, and what is signed for it: either a role or a hat.
 *
 * @param elevation id of the elevation, so that what is signed serves for no other
 * @param breakGlass without approvers, by a signature of the holder's own hard token
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Terms(
        String elevation,
        @Nullable String role,
        @Nullable String hat,
        int minutes,
        String reason,
        boolean breakGlass,
        Coverage scope) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The operation that brings it about, which is also what a signature is for. */
    public String operation() {
        return breakGlass ? "BreakGlass" : "ActivateElevation";
    }

    /** As it is signed and kept. */
    public ObjectNode json() {
        return JSON.valueToTree(this);
    }

    static Terms of(String json) {
        try {
            return JSON.readValue(json, Terms.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("terms of an elevation are not what was written", e);
        }
    }

    /** What policy reads of it. */
    public ObjectNode forPolicy() {
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        if (role != null) {
            read.put("role", role);
        }
        if (hat != null) {
            read.put("hat", hat);
        }
        return read.put("minutes", minutes)
                .put("breakGlass", breakGlass)
                .put("keys", scope.keys().size());
    }
}
