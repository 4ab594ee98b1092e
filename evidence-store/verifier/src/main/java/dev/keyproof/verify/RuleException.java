package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;

/** By whose leave a key fails a rule, as the finding tells it. */
public final class RuleException {
    private RuleException() {}

    /** {@code NAME until TIME by approval ID}; empty where nobody gave leave, or what is told is none. */
    public static String of(JsonNode finding) {
        JsonNode exception = finding.path("unmapped")
                .path("keyproof")
                .path("detail")
                .path("evidence")
                .path("exception");
        if (!exception.path("name").isTextual()
                || !exception.path("until").isIntegralNumber()
                || !exception.path("approval").isTextual()) {
            return "";
        }
        try {
            return exception.path("name").asText() + " until "
                    + Instant.ofEpochSecond(exception.path("until").asLong()) + " by approval "
                    + exception.path("approval").asText();
        } catch (DateTimeException e) {
            return "";
        }
    }
}
