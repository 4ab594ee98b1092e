package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * {@code log/YEAR/consistency.json}: the proof (RFC 6962, 2.1.2) that the log at the pack's checkpoint is a continuation of the one at
 * {@code checkpoint.from}, which is the newest known to be no later than the scope's first entry.
 */
public final class Consistency {
    private Consistency() {}

    /** The earlier checkpoint's file. */
    public static String checkpoint(Manifest.Log log) {
        return log.path() + "/checkpoint.from";
    }

    /** The proof's file. */
    public static String file(Manifest.Log log) {
        return log.path() + "/consistency.json";
    }

    /** The file's bytes. */
    public static byte[] bytes(ConsistencyProof proof) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.put("from", proof.from()).put("to", proof.to());
        var path = json.putArray("proof");
        proof.path().forEach(hash -> path.add(hash.base64()));
        return CanonicalJson.bytes(json);
    }

    /** Checks that the log continues an earlier checkpoint of its own. */
    static void require(byte[] content, Manifest.Log log, Checkpoint earlier) throws BrokenPackException {
        ConsistencyProof proof = parse(content, file(log));
        if (proof.from() != earlier.size()
                || proof.to() != log.size()
                || !proof.verifies(earlier.root(), Hash.of(log.root()))) {
            throw BrokenPackException.of(
                    Reason.CONSISTENCY_FALSE,
                    file(log),
                    "the proof does not lead from checkpoint.from to the root of the checkpoint");
        }
    }

    private static ConsistencyProof parse(byte[] content, String file) throws BrokenPackException {
        ObjectNode json = CanonicalJson.parse(content, file, "proof");
        try {
            List<Hash> path = new ArrayList<>();
            for (JsonNode hash : json.path("proof")) {
                path.add(Hash.of(Base64.getDecoder().decode(hash.asText())));
            }
            ConsistencyProof proof = new ConsistencyProof(
                    json.path("from").asLong(-1), json.path("to").asLong(-1), path);
            if (Arrays.equals(bytes(proof), content)) {
                return proof;
            }
        } catch (IllegalArgumentException e) {
            throw malformed(file);
        }
        throw malformed(file);
    }

    private static BrokenPackException malformed(String file) {
        return BrokenPackException.of(Reason.CONSISTENCY_FORM, file, "is not a consistency proof and nothing else");
    }
}
