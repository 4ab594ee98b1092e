package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A guarded operation's outcome with the approvals it cites: each a compact JWS (ES256) over one and the same statement.
 *
 * @param id of the approval request
 * @param log folder of the log that holds the outcome
 * @param index the outcome's place there
 * @param statement the canonical JSON that was signed
 * @param jws the signatures
 * @param operation what was done
 * @param key to which key
 * @param time when, in milliseconds
 * @param quorum how many approvers policy asked for, at least 1
 * @param requester who must not approve
 */
record Approval(
        String id,
        String log,
        long index,
        String statement,
        List<String> jws,
        String operation,
        String key,
        long time,
        int quorum,
        String requester) {

    private static final String TYPE = "keyproof-approval+jws";

    static Approval of(String id, Entry entry, ObjectNode event, JsonNode detail, JsonNode decision) {
        JsonNode statement = detail.path("statement");
        List<String> jws = new ArrayList<>();
        detail.path("jws").forEach(one -> jws.add(one.asText()));
        int quorum = decision.path("result")
                .path("obligations")
                .path("approvals")
                .path("quorum")
                .asInt(1);
        return new Approval(
                id,
                entry.log(),
                entry.index(),
                statement.isTextual()
                        ? statement.asText()
                        : new String(CanonicalJson.bytes(statement), StandardCharsets.UTF_8),
                List.copyOf(jws),
                event.path("api").path("operation").asText(),
                event.path("resources").path(0).path("uid").asText(),
                event.path("time").asLong(),
                Math.max(1, quorum),
                decision.path("input").path("approvals").path("requester").asText());
    }

    /** The file in {@code approvals/}: the signed approvals with the enrolled keys of their signers. */
    ObjectNode json(Map<String, ObjectNode> enrolled) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.put("approval", id).put("log", log).put("index", index).put("statement", statement);
        ArrayNode signatures = json.putArray("jws");
        jws.forEach(signatures::add);
        ObjectNode keys = json.putObject("enrolled");
        for (String one : jws) {
            String approver = header(one).path("kid").asText();
            ObjectNode jwk = enrolled.get(approver);
            if (jwk != null) {
                keys.set(approver, jwk);
            }
        }
        return json;
    }

    /**
     * Checks the statement against the operation, and every signature.
     *
     * @return approvers whose keys only the pack itself vouches for
     */
    Set<String> verify(Map<String, ObjectNode> enrolled, TrustFile anchor) throws BrokenPackException {
        String file = "approvals/" + id + ".json";
        ObjectNode stated = CanonicalJson.parse(statement.getBytes(StandardCharsets.UTF_8), file, "statement");
        require(stated.path("id").asText().equals(id), file, "the statement is for another approval request");
        require(stated.path("operation").asText().equals(operation), file, "the statement is for another operation");
        require(stated.path("key").asText().equals(key), file, "the statement is for another key");
        require(
                stated.path("exp").asLong() * 1000 >= time,
                file,
                "the operation was done after the approval had expired");
        Set<String> approvers = new TreeSet<>();
        Set<String> unproven = new TreeSet<>();
        for (String one : jws) {
            JsonNode header = header(one);
            String approver = header.path("kid").asText();
            require(
                    header.path("alg").asText().equals("ES256")
                            && header.path("typ").asText().equals(TYPE),
                    file,
                    "a signature is not of the type and algorithm for approvals");
            require(!approver.equals(requester), file, "the requester " + approver + " approved the own request");
            require(approvers.add(approver), file, "the approver " + approver + " stands twice");
            JsonNode jwk = enrolled.get(approver);
            JsonNode known = anchor.approvers().get(approver);
            JsonNode signer = jwk == null ? known : jwk;
            if (signer == null) {
                throw BrokenPackException.of(file, "the approver " + approver + " is not enrolled in the pack");
            }
            if (known == null) {
                unproven.add(approver);
            } else {
                require(
                        jwk == null || samePoint(jwk, known),
                        file,
                        "the trust file names another key of the approver " + approver);
            }
            require(signed(one, signer), file, "the signature of " + approver + " does not hold");
        }
        require(
                approvers.size() >= quorum,
                file,
                "has " + approvers.size() + " approvers where policy asks for " + quorum);
        return unproven;
    }

    private boolean signed(String compact, JsonNode jwk) {
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
            if (!Arrays.equals(payload, statement.getBytes(StandardCharsets.UTF_8))) {
                return false;
            }
            PublicKey publicKey = Jwk.p256(jwk);
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsa.initVerify(publicKey);
            ecdsa.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return ecdsa.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean samePoint(JsonNode a, JsonNode b) {
        return a.path("x").equals(b.path("x")) && a.path("y").equals(b.path("y"));
    }

    private static JsonNode header(String compact) {
        try {
            int dot = compact.indexOf('.');
            return CanonicalJson.MAPPER.readTree(Base64.getUrlDecoder().decode(compact.substring(0, Math.max(0, dot))));
        } catch (java.io.IOException | IllegalArgumentException e) {
            return CanonicalJson.MAPPER.createObjectNode();
        }
    }

    private static void require(boolean condition, String file, String otherwise) throws BrokenPackException {
        if (!condition) {
            throw BrokenPackException.of(file, otherwise);
        }
    }
}
