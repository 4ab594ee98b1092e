package dev.keyproof.evidence.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * By what an entry is found.
 *
 * @param time in ms; of the event, not of sealing
 * @param keys all that it names as resources
 * @param actor a caller's opaque id, or the service that acted on its own
 * @param operation for what is no event, the entry's form
 * @param controls a rule and the controls that it answers, as {@code framework:id}
 */
record Fields(long time, List<String> keys, String actor, String operation, List<String> controls) {
    /** Of each kind, and of the characters of each: an entry names a few, all of them short. */
    private static final int MOST = 256;

    static Fields of(JsonNode entry) {
        TreeSet<String> keys = new TreeSet<>();
        entry.path("resources").forEach(resource -> add(keys, resource.path("uid")));
        TreeSet<String> controls = new TreeSet<>();
        add(controls, entry.at("/compliance/control"));
        entry.at("/compliance/requirements").forEach(requirement -> add(controls, requirement));
        JsonNode user = entry.at("/actor/user/uid");
        return new Fields(
                time(entry.path("time")),
                List.copyOf(keys),
                shown(user.isTextual() ? user : entry.at("/actor/invoked_by")),
                shown(entry.has("keyproof") ? entry.path("keyproof") : entry.at("/api/operation")),
                List.copyOf(controls));
    }

    private static void add(TreeSet<String> to, JsonNode text) {
        if (text.isTextual() && to.size() < MOST) {
            to.add(shown(text));
        }
    }

    private static String shown(JsonNode text) {
        String whole = text.asText();
        return whole.substring(0, Math.min(whole.length(), MOST));
    }

    private static long time(JsonNode time) {
        try {
            return time.isTextual() ? Instant.parse(time.asText()).toEpochMilli() : time.asLong(0);
        } catch (DateTimeException e) {
            return 0;
        }
    }

    /** The document in the index. */
    ObjectNode document(Place place) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("year", place.year()).put("index", place.index());
        describe(json);
        return json;
    }

    void describe(ObjectNode json) {
        json.put("time", time).put("actor", actor).put("operation", operation);
        ArrayNode named = json.putArray("key");
        keys.forEach(named::add);
        ArrayNode answered = json.putArray("control");
        controls.forEach(answered::add);
    }
}
