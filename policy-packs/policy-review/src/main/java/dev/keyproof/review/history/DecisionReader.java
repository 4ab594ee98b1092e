package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the decisions in entries. An intent has the decision of its outcome, which counts once; an outcome that left its own out, as too
 * large, has it from there.
 */
final class DecisionReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Period period;
    private final SealedHistory.Sink sink;
    /** Null where all of an entry is asked. */
    private final @Nullable Excerpt excerpt;

    private final Map<String, Recorded> intended = new HashMap<>();
    private final Map<String, Long> without = new TreeMap<>();
    private long last;

    DecisionReader(Period period, SealedHistory.Sink sink) {
        this.period = period;
        this.sink = sink;
        this.excerpt = sink.policies().isEmpty() ? null : excerpt(sink.policies());
    }

    private static Excerpt excerpt(List<DecisionMemo> policies) {
        Excerpt.Builder asked = new Excerpt.Builder()
                .whole("time")
                .whole("metadata", "uid")
                .whole(at("kind"))
                .whole(at("intent"))
                .whole(at("detail"))
                .whole(at("decision", "policy"))
                .whole(at("decision", "data"))
                .whole(at("decision", "result"))
                .whole(at("decision", "input", "operation"))
                .whole(at("decision", "input", "actor", "id"))
                .whole(at("decision", "input", "key", "id"));
        policies.forEach(policy -> asked.input(policy, at("decision", "input")));
        return asked.build();
    }

    private static String[] at(String... path) {
        return Stream.concat(Stream.of("unmapped", "keyproof"), Stream.of(path)).toArray(String[]::new);
    }

    /** An entry, and what was asked of what it says: a missing node where it is no JSON, and so no event either. */
    record Parsed(byte[] entry, JsonNode event) {}

    /** A decision, and how all of it is had. */
    private record Recorded(JsonNode decision, Supplier<JsonNode> whole) {}

    /** By any thread. */
    Parsed parsed(byte[] entry) {
        try {
            return new Parsed(entry, excerpt == null ? JSON.readTree(entry) : excerpt.of(entry));
        } catch (IOException e) {
            return new Parsed(entry, MissingNode.getInstance());
        }
    }

    private Recorded recorded(Parsed parsed, String... at) {
        return new Recorded(
                found(parsed.event(), at), () -> found(excerpt == null ? parsed.event() : all(parsed.entry()), at));
    }

    private static JsonNode found(JsonNode event, String... at) {
        JsonNode node = event;
        for (String name : at(at)) {
            node = node.path(name);
        }
        return node;
    }

    private static JsonNode all(byte[] entry) {
        try {
            return JSON.readTree(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next entry. */
    void entry(String log, long index, Parsed parsed) throws HistoryException {
        JsonNode event = parsed.event();
        // What is no event, as a head or what was set aside, has the time of the event before it.
        last = event.path("time").canConvertToLong() ? event.path("time").asLong() : last;
        Place place = new Place(log, index, last);
        if (!event.isObject() || period.isOver(place.time())) {
            return;
        }
        sink.event(place, event);
        JsonNode ours = event.path("unmapped").path("keyproof");
        switch (ours.path("kind").asText()) {
            case "intent" -> intended.put(event.path("metadata").path("uid").asText(), recorded(parsed, "decision"));
            case "operation", "approval" -> outcome(place, ours, parsed);
            default -> {}
        }
    }

    private void outcome(Place place, JsonNode ours, Parsed parsed) throws HistoryException {
        Recorded before = intended.remove(ours.path("intent").asText());
        if (!period.contains(place.time())) {
            return;
        }
        Recorded own = recorded(parsed, "decision");
        Recorded decision = own.decision().isObject() || before == null ? own : before;
        if (decision.decision().isObject()) {
            take(place, decision);
        } else {
            without.merge(why(ours.path("detail")), 1L, Long::sum);
        }
        // A call about two keys is decided on both.
        Recorded also = recorded(parsed, "detail", "alsoDecided");
        if (also.decision().isObject()) {
            take(place, also);
        }
    }

    private static String why(JsonNode detail) {
        if (detail.has("repeats")) {
            return "answered as the first of its kind was";
        }
        return detail.has("method") ? "could not be read" : "no decision was made or kept";
    }

    private void take(Place place, Recorded recorded) throws HistoryException {
        JsonNode decision = recorded.decision();
        sink.take(new SealedDecision(
                place,
                decision.path("policy").asText(),
                decision.path("data").asText(),
                decision.path("input"),
                decision.path("result"),
                () -> recorded.whole().get().path("input")));
    }

    Map<String, Long> without() {
        return without;
    }
}
