package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which entries a pack of one key's records holds: its events, the enrolments without which its approvals could not be checked, and
 * the heads that cover either. Whoever makes a pack asks it of every entry, whoever verifies of every record, in their order. Used by
 * one thread.
 */
public final class KeyRecords {
    private final String key;
    /** Places taken that no head has covered yet, by source and epoch. */
    private final Map<Source, TreeSet<Long>> waiting = new HashMap<>();

    private record Source(String name, String epoch) {}

    public KeyRecords(String key) {
        this.key = key;
    }

    /** Whether this entry is one of them. */
    public boolean holds(Entry entry) {
        Optional<ObjectNode> read = CanonicalJson.object(entry.bytes());
        if (read.isEmpty()) {
            return false;
        }
        ObjectNode json = read.get();
        Optional<Attestation> head = Attestation.of(json);
        if (head.isPresent()) {
            return covers(head.get());
        }
        boolean concerned = PackContents.isEnrolment(json) || names(json);
        JsonNode sequence = json.at("/metadata/sequence");
        if (concerned && sequence.canConvertToLong()) {
            Source source = new Source(
                    json.at("/metadata/source").asText(),
                    json.at("/unmapped/keyproof/epoch").asText());
            waiting.computeIfAbsent(source, one -> new TreeSet<>()).add(sequence.asLong());
        }
        return concerned;
    }

    private boolean covers(Attestation head) {
        TreeSet<Long> places = waiting.get(new Source(head.source(), head.epoch()));
        if (places == null || head.to() <= head.from()) {
            return false;
        }
        var covered = places.subSet(head.from(), head.to());
        boolean any = !covered.isEmpty();
        covered.clear();
        return any;
    }

    private boolean names(JsonNode json) {
        for (JsonNode resource : json.path("resources")) {
            if (resource.path("uid").asText().equals(key)) {
                return true;
            }
        }
        return false;
    }
}
