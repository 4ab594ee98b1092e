package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Which policy decided last. Used by one thread. */
public final class InForce {
    private long last = Long.MIN_VALUE;
    private String policy = "";
    private String data = "";

    /** Digests of a policy and of the data that it read. */
    public record Cited(String policy, String data) {}

    /** Takes an event of the time, in milliseconds since 1970. */
    public void event(long time, JsonNode event) {
        JsonNode decision = event.path("unmapped").path("keyproof").path("decision");
        if (time >= last && decision.path("policy").isTextual()) {
            last = time;
            policy = decision.path("policy").asText();
            data = decision.path("data").asText();
        }
    }

    /** Empty where nothing was decided yet. */
    public Optional<Cited> cited() {
        return policy.isEmpty() ? Optional.empty() : Optional.of(new Cited(policy, data));
    }
}
