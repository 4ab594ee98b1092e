package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a pack says that it was asked for: a year's log from an entry on, or the single records of one key. Signed with the manifest,
 * so it is held against what the pack holds.
 *
 * @param year of sealing
 * @param from first entry; 0 for the whole log, and with a key
 * @param key only the records that name this key, and what these need
 */
public record Scope(int year, long from, Optional<String> key) {
    private static final String PLACE = "scope";

    /** As the manifest states it. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("year", year);
        return key.map(id -> json.put("kind", "records").put("key", id))
                .orElseGet(() -> json.put("kind", "range").put("from", from));
    }

    static Scope of(ObjectNode stated) throws BrokenPackException {
        Scope scope = new Scope(
                stated.path("year").asInt(),
                stated.path("from").asLong(),
                Optional.of(stated.path("key").asText()).filter(id -> !id.isEmpty()));
        if (scope.from < 0 || !Arrays.equals(CanonicalJson.bytes(scope.json()), CanonicalJson.bytes(stated))) {
            throw refused(Reason.SCOPE_FORM, "neither a year with a first entry nor a year with a key");
        }
        return scope;
    }

    /** Checks that the pack is of this kind, and its logs are of this year and carried from this entry on. */
    void agrees(Manifest manifest, CanonicalZip zip) throws BrokenPackException {
        boolean single = zip.has(SingleRecords.NAME);
        if (single != key.isPresent()) {
            throw refused(
                    Reason.SCOPE_KIND,
                    single
                            ? "says that a range of entries is here, and single records are"
                            : "says that single records are here, and there are none");
        }
        for (Manifest.Log log : manifest.logs()) {
            if (!log.path().equals("log/" + year)) {
                throw refused(Reason.SCOPE_YEAR, "is of the year " + year + ", and " + log.path() + " is here");
            }
            if (log.from() != from) {
                throw refused(
                        Reason.SCOPE_FROM,
                        "begins at entry " + from + ", and " + log.path() + " is carried from entry " + log.from());
            }
        }
    }

    private static BrokenPackException refused(Reason reason, String sentence) {
        return BrokenPackException.at(reason, Manifest.NAME, PLACE, sentence);
    }
}
