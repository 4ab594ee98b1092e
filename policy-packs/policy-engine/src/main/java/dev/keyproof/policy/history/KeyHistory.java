package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a key, as the rules read it: {@code history} in the schema of their input. It is the JSON itself, so that it
 * can be kept and given on as it is. Used by one thread.
 */
public final class KeyHistory {
    /** The longest text that is remembered of what a record says; statements and signatures stay in the record. */
    private static final int LONGEST = 256;

    /** Enough for any key; of more those are forgotten that are over first. */
    private static final int MOST_EXCEPTIONS = 50;

    private static final String GRANT = "GrantException";
    private static final String WITHDRAW = "WithdrawException";
    private static final String NONE = "none";
    private static final String NOW = "now";

    private final ObjectNode told;

    private KeyHistory(ObjectNode told) {
        this.told = told;
    }

    /** Of a key of which nothing is remembered. */
    public static KeyHistory empty() {
        return new KeyHistory(JsonNodeFactory.instance.objectNode());
    }

    /** What {@link #json} gave once. */
    public static KeyHistory of(JsonNode json) {
        return json instanceof ObjectNode object ? new KeyHistory(object) : empty();
    }

    /** Remembers a change. One that comes late changes nothing of what is newer. */
    public void add(KeyChange change) {
        if (change.done()) {
            done(change);
        } else {
            ObjectNode failed = newest(change, "failed");
            if (failed != null) {
                failed.put("code", change.code());
            }
        }
    }

    /** What uses that begin from now on are counted beside. */
    public Standing standing() {
        JsonNode now = told.path(NOW);
        return now.isObject()
                ? new Standing(
                        now.path("state").asText(),
                        now.path("since").asLong(),
                        now.path("before").asText())
                : Standing.UNKNOWN;
    }

    /** To be kept. */
    public JsonNode json() {
        return told;
    }

    /**
     * For the rules.
     *
     * @param version the key's current one
     */
    public ObjectNode input(int version, Iterable<KeyUses> uses) {
        ObjectNode input = told.deepCopy();
        // To the millisecond, for counting alone.
        input.remove(NOW);
        Map<String, KeyUses> byState = new TreeMap<>();
        ObjectNode current = input.putObject("current").put("version", version).putObject("uses");
        for (KeyUses some : uses) {
            KeyUses all = new KeyUses(
                    some.operation(), some.state(), some.decided(), 0, some.count(), some.last(), some.after());
            byState.merge(all.name(), all, KeyUses::and);
            if (some.version() == version) {
                long before = current.path(some.operation()).asLong();
                current.put(some.operation(), before + some.count());
            }
        }
        ArrayNode list = input.putArray("uses");
        for (KeyUses some : byState.values()) {
            list.addObject()
                    .put("operation", some.operation())
                    .put("state", some.state())
                    .put("decided", some.decided())
                    .put("count", some.count())
                    .put("last", seconds(some.last()))
                    .put("after", seconds(some.after()));
        }
        return input;
    }

    private void done(KeyChange change) {
        if (!told.has("first")) {
            told.putObject("first")
                    .put("time", seconds(change.began()))
                    .set("attributes", change.state().path("attributes").deepCopy());
        }
        // An outcome that was settled after a crash says apart what was intended; of any other it is the same.
        ObjectNode detail = brief(change.detail().path("intent"));
        detail.setAll(brief(change.detail()));
        detail.remove("intent");
        ObjectNode done = newest(change, "done");
        if (done != null) {
            done.put("version", change.version());
            if (!change.intent().isEmpty()) {
                done.put("intent", change.intent());
            }
            if (!detail.isEmpty()) {
                done.set("detail", detail);
            }
        }
        excepted(change, detail);
        String state = change.state().path("state").asText();
        moved(change.before(), state, change.began());
        entered(state, change.ended());
        held(change.state().path("provider").asText());
    }

    /** An exception begins or ends; by the same name there is one, the newest. */
    private void excepted(KeyChange change, JsonNode detail) {
        String name = detail.path("exception").asText();
        boolean withdrawal = change.operation().equals(WITHDRAW);
        if (name.isEmpty() || (!withdrawal && !change.operation().equals(GRANT))) {
            return;
        }
        ObjectNode all = told.withObjectProperty("exceptions");
        long time = seconds(change.began());
        JsonNode known = all.path(name);
        if (known.path("since").asLong(Long.MIN_VALUE) > time
                || known.path("withdrawn").asLong(Long.MIN_VALUE) >= time) {
            return;
        }
        if (withdrawal) {
            // Known even where the grant comes late.
            all.withObjectProperty(name).put("withdrawn", time);
        } else {
            all.putObject(name)
                    .put("rule", detail.path("rule").asText())
                    .put("since", time)
                    .put("until", detail.path("until").asLong())
                    .put("approval", detail.path("approval").asText());
        }
        while (all.size() > MOST_EXCEPTIONS) {
            soonestOver(all).ifPresent(all::remove);
        }
    }

    private static Optional<String> soonestOver(ObjectNode exceptions) {
        return exceptions.properties().stream()
                .min(Comparator.comparingLong((Map.Entry<String, JsonNode> one) ->
                                one.getValue().has("withdrawn")
                                        ? Long.MIN_VALUE
                                        : one.getValue().path("until").asLong())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey);
    }

    /** Where to write what became of a change, or null where something newer stands there. */
    private @Nullable ObjectNode newest(KeyChange change, String how) {
        ObjectNode of = told.withObjectProperty("changes").withObjectProperty(change.operation());
        long time = seconds(change.began());
        return of.path(how).path("time").asLong(Long.MIN_VALUE) > time
                ? null
                : of.putObject(how).put("time", time);
    }

    private void moved(String before, String after, long began) {
        String from = before.isEmpty() ? NONE : before;
        ArrayNode transitions = told.withArrayProperty("transitions");
        for (JsonNode each : transitions) {
            if (each instanceof ObjectNode known
                    && known.path("from").asText().equals(from)
                    && known.path("to").asText().equals(after)) {
                known.put("count", known.path("count").asLong() + 1);
                known.put("last", Math.max(known.path("last").asLong(), seconds(began)));
                return;
            }
        }
        transitions
                .addObject()
                .put("from", from)
                .put("to", after)
                .put("count", 1)
                .put("last", seconds(began));
    }

    private void entered(String state, long at) {
        Standing before = standing();
        Standing now = before.then(state, at);
        if (!now.equals(before)) {
            told.withObjectProperty("states").putObject(state).put("since", seconds(at));
            told.putObject(NOW)
                    .put("state", now.state())
                    .put("since", now.since())
                    .put("before", now.before());
        }
    }

    private void held(String provider) {
        ArrayNode providers = told.withArrayProperty("providers");
        for (JsonNode known : providers) {
            if (known.asText().equals(provider)) {
                return;
            }
        }
        providers.add(provider);
    }

    /** Numbers, answers of yes and no, short texts, and objects of these. */
    private static ObjectNode brief(JsonNode detail) {
        ObjectNode brief = JsonNodeFactory.instance.objectNode();
        detail.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                ObjectNode inner = brief(value);
                if (!inner.isEmpty()) {
                    brief.set(field.getKey(), inner);
                }
            } else if (value.isNumber()
                    || value.isBoolean()
                    || (value.isTextual() && value.textValue().length() <= LONGEST)) {
                brief.set(field.getKey(), value);
            }
        });
        return brief;
    }

    private static long seconds(long milliseconds) {
        return Math.floorDiv(milliseconds, 1000L);
    }
}
