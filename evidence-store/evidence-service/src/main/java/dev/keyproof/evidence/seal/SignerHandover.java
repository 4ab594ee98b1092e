package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.head.LogSigners;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The entry with which the keys of a log hand over to others: what it says, and what follows from it. */
public final class SignerHandover {
    static final String OPERATION = "LogSignerRollover";

    private static final String SIGNERS = "signers";
    private static final String COMPROMISED = "compromised";

    private SignerHandover() {}

    static String uid(String origin, int generation) {
        return LogEvents.UID_PREFIX + "signers-" + origin + "-" + generation;
    }

    /** {@code compromised}: because somebody else may have the keys before. */
    static ObjectNode detail(String origin, int generation, List<NoteVerifier> keys, boolean compromised) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        ObjectNode signers = detail.putObject(SIGNERS).put("origin", origin).put("generation", generation);
        if (compromised) {
            signers.put(COMPROMISED, true);
        }
        var list = signers.putArray("keys");
        keys.forEach(key -> list.add(key.vkey()));
        return detail;
    }

    /** Whether an entry hands over to other log keys. */
    static boolean is(JsonNode entry) {
        return entry.at("/api/operation").asText().equals(OPERATION)
                && entry.at("/api/service/name").asText().equals(LogEvents.SERVICE);
    }

    /** Lets the next generation of keys sign heads over an entry of a year's log, if it hands over to these. */
    public static void apply(SealToken keys, LogSigners signing, String origin, int year, long index, JsonNode entry)
            throws EvidenceException {
        int next = signing.at(year, Long.MAX_VALUE) + 1;
        if (next <= keys.generations() && isTo(entry, origin, next, keys.logVerifiers(origin, next))) {
            signing.handedOver(year, index, next);
            compromised(entry).ifPresent(when -> signing.compromised(next - 1, when));
        }
    }

    /** Whether an entry of that log hands over to this generation of these keys. */
    static boolean isTo(JsonNode entry, String origin, int generation, List<NoteVerifier> keys) {
        JsonNode extension = entry.path("unmapped").path("keyproof");
        JsonNode signers = extension.path("detail").path(SIGNERS);
        if (!entry.at("/metadata/uid").asText().equals(uid(origin, generation))
                || !entry.at("/api/service/name").asText().equals(LogEvents.SERVICE)
                || !extension.path("kind").asText().equals("service")
                || !signers.path("origin").asText().equals(origin)
                || signers.path("generation").asInt() != generation
                || signers.path("keys").size() != keys.size()) {
            return false;
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!signers.path("keys").path(i).asText().equals(keys.get(i).vkey())) {
                return false;
            }
        }
        return true;
    }

    /** When such an entry says that somebody else may have the keys before; empty if it does not. */
    static Optional<Instant> compromised(JsonNode entry) {
        return entry.at("/unmapped/keyproof/detail/" + SIGNERS)
                        .path(COMPROMISED)
                        .asBoolean()
                ? Optional.of(Instant.ofEpochMilli(entry.path("time").asLong()))
                : Optional.empty();
    }
}
