package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.seal.LogEvents.ErasurePhase;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The log of a year is dropped.
 *
 * @param checkpoint its last head, with all signatures
 * @param ends until when it had to be kept
 * @param by who asked for it
 * @param remains digest of what stays of it and of those before it
 */
public record YearDrop(
        String id,
        int year,
        String origin,
        String checkpoint,
        Instant ends,
        String by,
        String remains,
        ErasurePhase phase) {
    static final String OPERATION = "LogYearDrop";
    private static final String DETAIL = "yearDrop";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The same drop, further on. */
    public YearDrop in(ErasurePhase next) {
        return new YearDrop(id, year, origin, checkpoint, ends, by, remains, next);
    }

    String uid() {
        return LogEvents.UID_PREFIX + "year-drop-" + id + (phase == ErasurePhase.BEGUN ? "" : "-ended");
    }

    ObjectNode detail() {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.putObject(DETAIL)
                .put("id", id)
                .put("year", year)
                .put("origin", origin)
                .put("checkpoint", checkpoint)
                .put("ends", ends.toString())
                .put("by", by)
                .put("remains", remains)
                .put("phase", phase.name());
        return detail;
    }

    /** What {@link LogEvents#yearDrop} made, and only this service's own. */
    public static Optional<YearDrop> of(JsonNode entry) {
        JsonNode api = entry.path("api");
        if (!api.path("operation").asText().equals(OPERATION)
                || !api.path("service").path("name").asText().equals(LogEvents.SERVICE)) {
            return Optional.empty();
        }
        JsonNode drop = entry.at("/unmapped/keyproof/detail/" + DETAIL);
        try {
            YearDrop read = new YearDrop(
                    drop.path("id").asText(),
                    drop.path("year").asInt(),
                    drop.path("origin").asText(),
                    drop.path("checkpoint").asText(),
                    Instant.parse(drop.path("ends").asText()),
                    drop.path("by").asText(),
                    drop.path("remains").asText(),
                    LogEvents.phase(drop));
            return entry.at("/metadata/uid").asText().equals(read.uid()) ? Optional.of(read) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** As {@link #of(JsonNode)}; what is none is told without being parsed. */
    public static Optional<YearDrop> of(byte[] entry) throws EvidenceException {
        if (!new String(entry, StandardCharsets.ISO_8859_1).contains('"' + OPERATION + '"')) {
            return Optional.empty();
        }
        try {
            return of(JSON.readTree(entry));
        } catch (IOException e) {
            throw new EvidenceException("an entry of our own is not JSON", e);
        }
    }
}
