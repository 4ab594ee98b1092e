package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
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
 */
public record Approver(
        String id,
        JWK key,
        String thumbprint,
        List<String> roles,
        @Nullable Passkey passkey) {
    /** The key as the record carries it, {@code webauthn} beside it where it is a passkey. */
    public ObjectNode jwk() {
        ObjectNode jwk = PublicKeys.json(key);
        if (passkey != null) {
            jwk.putObject("webauthn").put("credential", passkey.credential()).put("rpId", passkey.rpId());
        }
        return jwk;
    }
}
