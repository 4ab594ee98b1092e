package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.keyproof.broker.problem.ProblemException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person whose signature counts.
 *
 * @param id the {@code kid} of the signatures
 * @param key the public key, on P-256 or Ed25519
 * @param thumbprint of the key after RFC 7638
 * @param roles what policy knows the person as
 * @param passkey where the key is one: it signs assertions, any other key JWS
 * @param aaguid model of the token that holds the passkey, as its attestation proved at the enrolment; null where none did
 */
public record Approver(
        String id,
        JWK key,
        String thumbprint,
        List<String> roles,
        @Nullable Passkey passkey,
        @Nullable String aaguid) {
    /**
     * An approver with that key, of which nothing but its public members is kept.
     *
     * @throws ParseException if approvers have no such keys, or it is no public one
     */
    static Approver of(String id, JWK key, List<String> roles, @Nullable Passkey passkey, @Nullable String aaguid)
            throws ParseException {
        if (!PublicKeys.suits(key)) {
            throw new ParseException("the key is not a public one on P-256 or Ed25519", 0);
        }
        JWK bare = switch (key) {
            case ECKey ec ->
                new ECKey.Builder(ec.getCurve(), ec.getX(), ec.getY()).keyID(id).build();
            case OctetKeyPair okp ->
                new OctetKeyPair.Builder(okp.getCurve(), okp.getX()).keyID(id).build();
            default -> throw new ParseException("the key is of another kind", 0);
        };
        try {
            return new Approver(id, bare, bare.computeThumbprint().toString(), List.copyOf(roles), passkey, aaguid);
        } catch (JOSEException e) {
            throw new ParseException("the key has no thumbprint", 0);
        }
    }

    /** What {@link #document} wrote. */
    static Approver of(JsonNode document) throws ParseException {
        List<String> roles = new ArrayList<>();
        document.path("roles").forEach(role -> roles.add(role.asText()));
        JsonNode webauthn = document.path("jwk").path("webauthn");
        return of(
                document.path("approver").asText(),
                JWK.parse(document.path("jwk").toString()),
                roles,
                webauthn.isMissingNode()
                        ? null
                        : new Passkey(
                                webauthn.path("credential").asText(),
                                webauthn.path("rpId").asText(),
                                webauthn.path("origin").textValue()),
                document.path("aaguid").textValue());
    }

    /** The key as the record carries it, {@code webauthn} beside it where it is a passkey. */
    public ObjectNode jwk() {
        ObjectNode jwk = PublicKeys.json(key);
        if (passkey != null) {
            ObjectNode webauthn = jwk.putObject("webauthn")
                    .put("credential", passkey.credential())
                    .put("rpId", passkey.rpId());
            if (passkey.origin() != null) {
                webauthn.put("origin", passkey.origin());
            }
        }
        return jwk;
    }

    /** All that is enrolled: what the record carries, and its digest binds. */
    public ObjectNode document() {
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("approver", id).put("thumbprint", thumbprint);
        roles.forEach(document.putArray("roles")::add);
        if (aaguid != null) {
            document.put("aaguid", aaguid);
        }
        document.set("jwk", jwk());
        return document;
    }

    /** What approvers of the enrolment sign: the digest of all of it, and what of it people and policy read. */
    public ObjectNode parameters() throws ProblemException {
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("approver", id)
                .put("thumbprint", thumbprint)
                .put("roles", String.join(" ", roles))
                .put("enrolment", digest());
        if (aaguid != null) {
            parameters.put("aaguid", aaguid);
        }
        return parameters;
    }

    /** {@code sha256:} of the document in canonical JSON. */
    public String digest() throws ProblemException {
        return Statement.digest(canonical());
    }

    /** The document in canonical JSON. */
    public String canonical() throws ProblemException {
        return Statement.canonical(document());
    }
}
