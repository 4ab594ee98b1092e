package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the decisions in entries. An intent has the decision of its outcome, which counts once; an outcome that left its own out, as too
 * large, has it from there.
 */
final class DecisionReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Period period;
    private final SealedHistory.Sink sink;
    private final Map<String, JsonNode> intended = new HashMap<>();
    private final Map<String, Long> without = new TreeMap<>();

    DecisionReader(Period period, SealedHistory.Sink sink) {
        this.period = period;
        this.sink = sink;
    }

    /** What an entry says; a missing node where it is no JSON, and so no event either. By any thread. */
    static JsonNode parsed(byte[] entry) {
        try {
            return JSON.readTree(entry);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** The next entry. */
    void entry(String log, long index, JsonNode event) throws HistoryException {
        Place place = new Place(log, index, event.path("time").asLong());
        if (!event.isObject() || period.isOver(place.time())) {
            return;
        }
        sink.event(place, event);
        JsonNode ours = event.path("unmapped").path("keyproof");
        JsonNode decision = ours.path("decision");
        switch (ours.path("kind").asText()) {
            case "intent" -> intended.put(event.path("metadata").path("uid").asText(), decision);
            case "operation", "approval" -> outcome(place, ours, decision);
            default -> {}
        }
    }

    private void outcome(Place place, JsonNode ours, JsonNode own) throws HistoryException {
        JsonNode before = intended.remove(ours.path("intent").asText());
        if (!period.contains(place.time())) {
            return;
        }
        JsonNode decision = own.isObject() || before == null ? own : before;
        if (decision.isObject()) {
            take(place, decision);
        } else {
            without.merge(why(ours.path("detail")), 1L, Long::sum);
        }
        // A call about two keys is decided on both.
        JsonNode also = ours.path("detail").path("alsoDecided");
        if (also.isObject()) {
            take(place, also);
        }
    }

    private static String why(JsonNode detail) {
        if (detail.has("repeats")) {
            return "answered as the first of its kind was";
        }
        return detail.has("method") ? "could not be read" : "no decision was made or kept";
    }

    private void take(Place place, JsonNode decision) throws HistoryException {
        sink.take(new SealedDecision(
                place,
                decision.path("policy").asText(),
                decision.path("data").asText(),
                decision.path("input"),
                decision.path("result")));
    }

    Map<String, Long> without() {
        return without;
    }
}
