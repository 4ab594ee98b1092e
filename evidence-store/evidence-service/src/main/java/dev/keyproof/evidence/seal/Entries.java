package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.verify.CanonicalJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The entries that are ours: canonical JSON, told from events by their field {@code keyproof}. */
final class Entries {
    static final String ATTESTATION = "attestation/v1";
    static final String QUARANTINE = "quarantine/v1";
    static final String POLICY = "policy/v1";

    private Entries() {}

    /** Whether an event that came from elsewhere would be read as one of the log's own entries. */
    static boolean claimsToBeOurs(JsonNode json) {
        return json.has("keyproof") || json.at("/api/service/name").asText().equals(LogEvents.SERVICE);
    }

    /** The head {@code note} covers the entries {@code from} to {@code to}, exclusive, of a source as they were sealed. */
    static byte[] attestation(String source, String epoch, long from, long to, String note) {
        return CanonicalJson.bytes(entry(ATTESTATION)
                .put("source", source)
                .put("epoch", epoch)
                .put("from", from)
                .put("to", to)
                .put("head", note)
                .put("verdict", "ok"));
    }

    /** Bytes that could not be sealed as an event are the artifact. */
    static ObjectNode quarantine(String artifact, String reason, String origin, String place, String time) {
        return entry(QUARANTINE)
                .put("artifact", artifact)
                .put("reason", reason)
                .put("origin", origin)
                .put("place", place)
                .put("time", time);
    }

    /** A quarantined entry of a journal keeps its place under the journal's heads by its leaf. */
    static void placed(ObjectNode quarantine, String source, String epoch, long sequence, Hash leaf) {
        quarantine
                .put("source", source)
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("leaf", leaf.hex());
    }

    /** A policy bundle is in force from here on. */
    static byte[] policy(String digest, @Nullable String dataDigest, Instant now) {
        ObjectNode entry = entry(POLICY).put("policy", digest).put("time", now.toString());
        if (dataDigest != null) {
            entry.put("data", dataDigest);
        }
        return CanonicalJson.bytes(entry);
    }

    private static ObjectNode entry(String form) {
        return JsonNodeFactory.instance.objectNode().put("keyproof", form);
    }

    /** Whether an event has a place in the order of its source. */
    static boolean hasPlace(JsonNode event) {
        JsonNode metadata = event.path("metadata");
        return metadata.path("source").isTextual()
                && metadata.path("sequence").canConvertToLong()
                && metadata.path("sequence").asLong() >= 0
                && event.path("unmapped").path("keyproof").path("epoch").isTextual();
    }

    /** Whether an event says that a part of Keyproof made it, so that its source's heads must cover it. */
    static boolean isOurs(JsonNode event) {
        return !event.path("unmapped").path("keyproof").path("kind").asText().equals("observed");
    }
}
