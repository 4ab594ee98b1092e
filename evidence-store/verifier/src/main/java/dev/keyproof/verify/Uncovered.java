package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Places of records that no head of their source has covered yet. Used by one thread. */
public final class Uncovered {
    private final Map<Source, TreeSet<Long>> places = new HashMap<>();

    private record Source(String name, String epoch) {}

    /** Takes a record, if it is one that a head must cover. */
    public void add(JsonNode json) {
        JsonNode sequence = json.at("/metadata/sequence");
        if (sequence.canConvertToLong()
                && !json.at("/unmapped/keyproof/kind").asText().equals("observed")) {
            Source source = new Source(
                    json.at("/metadata/source").asText(),
                    json.at("/unmapped/keyproof/epoch").asText());
            places.computeIfAbsent(source, one -> new TreeSet<>()).add(sequence.asLong());
        }
    }

    /** Whether a head covers any of them; those that it does are no longer waited for. */
    public boolean by(Attestation head) {
        Source source = new Source(head.source(), head.epoch());
        TreeSet<Long> waiting = places.get(source);
        if (waiting == null || head.to() <= head.from()) {
            return false;
        }
        var covered = waiting.subSet(head.from(), head.to());
        boolean any = !covered.isEmpty();
        covered.clear();
        if (waiting.isEmpty()) {
            places.remove(source);
        }
        return any;
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return places.isEmpty();
    }
}
