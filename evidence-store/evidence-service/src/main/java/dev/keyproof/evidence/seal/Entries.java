package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Product;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.verify.CanonicalJson;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries that are ours: canonical JSON, told from events by their field {@code keyproof}. */
final class Entries {
    static final String ATTESTATION = "attestation/v1";
    static final String QUARANTINE = "quarantine/v1";
    static final String POLICY = "policy/v1";

    /** Characters of a source or an epoch. */
    static final int LONGEST_NAME = 128;

    private static final int FINDING_CLASSES_FROM = 2003;
    private static final int FINDING_CLASSES_TO = 2004;
    private static final int ACTIVITY_CLASS = 6003;

    private static final String PRODUCT = Product.keyproof(LogEvents.SERVICE).name();

    private Entries() {}

    /** Whether an entry has a uid that the log itself gives its findings. Nobody else's with such a uid is sealed as one. */
    static boolean isOwnFinding(JsonNode json) {
        int classUid = json.path("class_uid").asInt();
        String uid = json.at("/metadata/uid").asText();
        return classUid >= FINDING_CLASSES_FROM
                && classUid <= FINDING_CLASSES_TO
                && (uid.startsWith(Continuity.UID_PREFIX) || uid.startsWith(LogEvents.UID_PREFIX));
    }

    /**
     * Why an activity is not sealed as one, or empty: the topic takes key operations alone, and what a part of Keyproof made has a place
     * that a signed head can cover.
     */
    static Optional<String> refusedAsEvent(JsonNode event) {
        if (event.path("class_uid").asInt() != ACTIVITY_CLASS) {
            return Optional.of("it is of class " + event.path("class_uid").asText() + ", not 6003");
        }
        if (event.at("/unmapped/keyproof/kind").isTextual() && isOurs(event) && !hasPlace(event)) {
            return Optional.of("it claims to be of Keyproof and has no place in the order of its source");
        }
        return event.at("/metadata/uid").asText().startsWith(LogEvents.UID_PREFIX)
                ? Optional.of("its uid is one that the log itself gives")
                : Optional.empty();
    }

    /** Why a finding is not sealed as one, or empty: it has no place, which only what a head covers may have. */
    static Optional<String> refusedAsFinding(JsonNode finding) {
        int classUid = finding.path("class_uid").asInt();
        if (classUid < FINDING_CLASSES_FROM || classUid > FINDING_CLASSES_TO) {
            return Optional.of("it is of class " + finding.path("class_uid").asText() + ", neither 2003 nor 2004");
        }
        if (finding.at("/metadata/product/name").asText().equals(PRODUCT) && !isOwnFinding(finding)) {
            return Optional.of("it claims to be a finding of the log");
        }
        String kind = finding.at("/unmapped/keyproof/kind").asText("service");
        return hasPlace(finding) || !kind.equals("service")
                ? Optional.of("a finding has no place and is no operation")
                : Optional.empty();
    }

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

    /** Whether an event has a place in the order of its source; names longer than any of ours are none. */
    static boolean hasPlace(JsonNode event) {
        JsonNode metadata = event.path("metadata");
        return metadata.path("source").isTextual()
                && metadata.path("source").asText().length() <= LONGEST_NAME
                && event.path("unmapped")
                                .path("keyproof")
                                .path("epoch")
                                .asText()
                                .length()
                        <= LONGEST_NAME
                && metadata.path("sequence").canConvertToLong()
                && metadata.path("sequence").asLong() >= 0
                && event.path("unmapped").path("keyproof").path("epoch").isTextual();
    }

    /** Whether an event says that a part of Keyproof made it, so that its source's heads must cover it. */
    static boolean isOurs(JsonNode event) {
        return !event.path("unmapped").path("keyproof").path("kind").asText().equals("observed");
    }
}
