package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.JsonNode;

/** Who was refused, here or at a cloud. */
public final class Refusal {
    private static final int FAILURE = 2;
    private static final int FORBIDDEN = 403;

    private Refusal() {}

    /** Whether an event says that its call was refused by policy, not that it failed. */
    public static boolean isIn(JsonNode event) {
        JsonNode allow =
                event.path("unmapped").path("keyproof").path("decision").path("allow");
        if (allow.isBoolean() && !allow.booleanValue()) {
            return true;
        }
        JsonNode response = event.path("api").path("response");
        return event.path("status_id").asInt() == FAILURE
                && (response.path("code").asInt() == FORBIDDEN
                        || forbids(response.path("error").asText())
                        || forbids(event.path("status_code").asText()));
    }

    private static boolean forbids(String code) {
        return code.equals("403") || code.equals("Forbidden") || code.startsWith("AccessDenied");
    }
}
