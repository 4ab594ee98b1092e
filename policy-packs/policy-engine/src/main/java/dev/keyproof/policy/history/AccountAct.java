package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a known caller did, or was refused.
 *
 * @param roles as its proof or policy's data gave them, apart by spaces
 * @param count how often
 * @param last when it began the last time, milliseconds since 1970
 */
public record AccountAct(String account, String operation, Ending ending, String roles, long count, long last) {
    private static final int USE = 99;
    private static final int SUCCESS = 1;

    /** Empty where an event tells of no call of a known caller at a broker. */
    public static Optional<AccountAct> of(JsonNode event) {
        JsonNode api = event.path("api");
        JsonNode actor = event.path("actor");
        String user = actor.path("user").path("uid").asText();
        String account = user.isEmpty() ? actor.path("invoked_by").asText() : user;
        if (account.isEmpty()
                || !event.path("unmapped")
                        .path("keyproof")
                        .path("kind")
                        .asText()
                        .equals("operation")
                || !api.path("service").path("name").asText().equals(Happening.BROKER)) {
            return Optional.empty();
        }
        List<String> roles = new ArrayList<>();
        actor.path("user")
                .path("groups")
                .forEach(group -> roles.add(group.path("name").asText()));
        String use = event.path("activity_id").asInt() == USE
                ? event.path("activity_name").asText()
                : "";
        return Optional.of(new AccountAct(
                account,
                use.isEmpty() ? api.path("operation").asText() : use,
                Ending.of(
                        Refusal.isIn(event),
                        event.path("status_id").asInt() == SUCCESS,
                        actor.path("session").isObject()),
                String.join(" ", roles),
                Math.max(1, event.path("count").asInt(1)),
                event.path("time").asLong()));
    }

    /** How it ended. */
    public enum Ending {
        DONE("done"),
        /** Done under an elevation: by what was lent, not by what the caller is. */
        ELEVATED("elevated"),
        /** By policy. */
        REFUSED("refused"),
        /** Permitted and not done. */
        FAILED("failed");

        private final String json;

        Ending(String json) {
            this.json = json;
        }

        /** {@code elevated}: under an elevation. */
        public static Ending of(boolean refused, boolean done, boolean elevated) {
            if (refused) {
                return REFUSED;
            }
            if (!done) {
                return FAILED;
            }
            return elevated ? ELEVATED : DONE;
        }

        String json() {
            return json;
        }
    }
}
