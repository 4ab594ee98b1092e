package dev.keyproof.policy.history;

import static dev.keyproof.policy.history.Bounded.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is remembered of a token: {@code token} in the schema of the rules' input, but for its label. Used by one thread. */
public final class TokenHistory {
    private static final int MOST_ADOPTIONS = 4;
    private static final int MOST_EXAMPLES = 4;
    private static final int MOST_TOLD = 16;
    private static final int LONGEST = 128;

    private final ObjectNode told;

    private TokenHistory(ObjectNode told) {
        this.told = told;
    }

    /** What {@link #json} gave once; anything else remembers nothing. */
    public static TokenHistory of(JsonNode json) {
        return new TokenHistory(json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    /** Remembers what a broker told of the token. */
    public void add(Happening event) {
        long time = seconds(event.time());
        told.put("first", Math.min(told.path("first").asLong(Long.MAX_VALUE), time));
        Bounded.count(Bounded.under(told.withObjectProperty("told"), event.operation(), MOST_TOLD, "last"), 1, time);
        if (event.operation().equals("AdoptDeviceObjects")) {
            adopted(event.event());
        }
        if (event.operation().equals("DeviceTampered")) {
            ArrayNode examples = told.withArrayProperty("tampered");
            ObjectNode example = examples.addObject().put("time", time);
            for (String field : new String[] {"kind", "label", "difference"}) {
                String text = event.detail().path(field).asText();
                example.put(field, text.substring(0, Math.min(LONGEST, text.length())));
            }
            while (examples.size() > MOST_EXAMPLES) {
                examples.remove(0);
            }
        }
    }

    /** By its event: one that is told again is no second adoption. */
    private void adopted(String event) {
        ArrayNode adoptions = told.withArrayProperty("adoptions");
        for (JsonNode known : adoptions) {
            if (known.asText().equals(event)) {
                return;
            }
        }
        if (adoptions.size() < MOST_ADOPTIONS) {
            adoptions.add(event);
        }
    }

    /** To be kept. */
    public JsonNode json() {
        return told;
    }

    /** For the rules. */
    public ObjectNode input(String label) {
        return told.deepCopy().put("id", label);
    }
}
