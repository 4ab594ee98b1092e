package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Years of sealing whose logs are kept whole.
 *
 * @param hold its name, by which it is released
 * @param fromYear the first of those years
 * @param toYear the last
 * @param reason as it was given; empty where it cannot be read
 * @param log folder of the log that holds the record which placed it
 * @param index that record's place
 * @param approved whether an approval bears it out; one that nothing bears out holds all the same
 */
public record LegalHold(
        String hold, int fromYear, int toYear, String reason, String log, long index, boolean approved) {
    /** Where the record does not say which years, it holds all. */
    private static final int FIRST_YEAR = 0;

    private static final int LAST_YEAR = 9999;
    private static final int LONGEST = 128;

    public boolean covers(int year) {
        return fromYear <= year && year <= toYear;
    }

    public ObjectNode json() {
        return CanonicalJson.MAPPER
                .createObjectNode()
                .put("approved", approved)
                .put("fromYear", fromYear)
                .put("hold", hold)
                .put("index", index)
                .put("log", log)
                .put("reason", reason)
                .put("toYear", toYear);
    }

    /** As {@link #json} wrote it; empty if it is none. */
    static Optional<LegalHold> carried(JsonNode json) {
        return json.path("log").asText().matches("log/[0-9]{4}")
                        && json.path("index").canConvertToLong()
                        && CanonicalJson.hasForm(json)
                ? Optional.of(of(
                        json,
                        json.path("log").asText(),
                        json.path("index").asLong(),
                        json.path("approved").asBoolean()))
                : Optional.empty();
    }

    /** What a record's parameters say. */
    static LegalHold of(JsonNode parameters, String log, long index, boolean approved) {
        boolean readable = CanonicalJson.hasForm(parameters);
        return new LegalHold(
                readable ? shortened(parameters.path("hold").asText()) : "",
                readable ? parameters.path("fromYear").asInt(FIRST_YEAR) : FIRST_YEAR,
                readable ? parameters.path("toYear").asInt(LAST_YEAR) : LAST_YEAR,
                readable ? shortened(parameters.path("reason").asText()) : "",
                log,
                index,
                approved);
    }

    /** The broker takes no longer ones; a record may say what it likes. */
    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST));
    }
}
