package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.policy.PolicyTime;
import dev.keyproof.policy.history.KeyChange;
import dev.keyproof.policy.history.KeyHistory;
import dev.keyproof.policy.history.KeyUses;
import dev.keyproof.policy.history.Refusal;
import dev.keyproof.review.history.Place;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the record says of one key, as the rules read it. Used by one thread at a time. */
final class KeyRecord {
    private static final int USE = 99;
    private static final int SUCCESS = 1;

    private final KeyHistory history = KeyHistory.empty();
    private final Map<String, KeyUses> uses = new HashMap<>();
    private @Nullable JsonNode state;
    private @Nullable Place told;

    /** Takes an outcome of an operation on the key: a use that succeeded, a change that did, or one that was permitted and failed. */
    void outcome(Place place, JsonNode event) {
        int activity = event.path("activity_id").asInt();
        boolean success = event.path("status_id").asInt() == SUCCESS;
        if (activity == USE) {
            if (success) {
                use(event);
            }
        } else if (success ? data(event).isObject() : isFailedChange(activity, event)) {
            change(place, event, success);
        }
    }

    private static JsonNode data(JsonNode event) {
        return event.path("resources").path(0).path("data");
    }

    private static boolean isFailedChange(int activity, JsonNode event) {
        return (activity == 1 || activity == 3 || activity == 4)
                && !Refusal.isIn(event)
                && KeyOperation.named(operation(event))
                        .filter(KeyOperation::changesState)
                        .isPresent();
    }

    private static JsonNode ours(JsonNode event) {
        return event.path("unmapped").path("keyproof");
    }

    private static String operation(JsonNode event) {
        return event.path("api").path("operation").asText();
    }

    private static String before(JsonNode event) {
        return ours(event)
                .path("decision")
                .path("input")
                .path("key")
                .path("state")
                .asText();
    }

    private static int version(JsonNode event) {
        return event.path("resources").path(0).path("version").asInt();
    }

    private void use(JsonNode event) {
        String named = event.path("activity_name").asText();
        KeyUses use = history.standing()
                .use(
                        named.isEmpty() ? operation(event) : named,
                        before(event),
                        version(event),
                        Math.max(1, event.path("count").asInt(1)),
                        event.path("time").asLong());
        uses.merge(use.name(), use, KeyUses::and);
    }

    private void change(Place place, JsonNode event, boolean success) {
        long began = event.path("time").asLong();
        history.add(new KeyChange(
                operation(event),
                began,
                began + duration(event),
                before(event),
                version(event),
                ours(event).path("intent").asText(),
                success ? "" : event.path("status_code").asText(),
                success ? data(event) : KeyChange.NOTHING,
                ours(event).path("detail")));
        if (success && (told == null || told.time() <= began)) {
            state = data(event);
            told = place;
        }
    }

    private static long duration(JsonNode event) {
        JsonNode exact = ours(event).path("duration_us");
        return Math.max(
                0,
                exact.isNumber()
                        ? exact.asLong() / 1000
                        : event.path("duration").asLong());
    }

    /** Where the record tells the state that is judged; null where it tells none. */
    @Nullable Place told() {
        return told;
    }

    /** What the rules read at a moment. */
    ObjectNode input(long at) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        JsonNode key = state == null ? KeyChange.NOTHING : state;
        input.set("key", key);
        input.set("history", history.input(key.path("version").asInt(), uses.values()));
        input.set("time", PolicyTime.of(at));
        return input;
    }
}
