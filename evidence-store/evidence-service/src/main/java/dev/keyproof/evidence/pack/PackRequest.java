package dev.keyproof.evidence.pack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.Scope;
import java.util.Optional;

/**
 * What a pack is asked to hold: a year's log from an entry on, or the single records of one key.
 *
 * @param year of sealing
 * @param from first entry; 0 for the whole log
 * @param key only the records that name this key
 */
public record PackRequest(int year, long from, Optional<String> key) {
    /** Reads {@code {"year": 2026, "from": 0, "key": "..."}}; all are optional. */
    public static PackRequest of(JsonNode scope, int thisYear) throws EvidenceException {
        int year = scope.path("year").asInt(thisYear);
        long from = scope.path("from").asLong(0);
        String key = scope.path("key").asText();
        if (from < 0 || (from > 0 && !key.isEmpty())) {
            throw new EvidenceException("a scope is a year with a first entry, or a year with a key");
        }
        return new PackRequest(year, from, key.isEmpty() ? Optional.empty() : Optional.of(key));
    }

    /** As the manifest states it. */
    Scope scope() {
        return new Scope(year, from, key);
    }
}
