package dev.keyproof.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;

/** A passkey in software, which can be told to lie. */
final class SoftPasskey {
    static final int PRESENT = 1;
    static final int VERIFIED = 4;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final ECKey key;
    private final String rpId;

    SoftPasskey(String approver, String rpId) throws Exception {
        this.key = new ECKeyGenerator(Curve.P_256).keyID(approver).generate();
        this.rpId = rpId;
    }

    /** The approver's entry in the file. */
    ObjectNode jwk() throws Exception {
        ObjectNode jwk = (ObjectNode) JSON.readTree(key.toPublicJWK().toJSONString());
        jwk.putObject("webauthn").put("credential", credential()).put("rpId", rpId);
        return jwk;
    }

    String credential() {
        return BASE64URL.encodeToString(("credential of " + key.getKeyID()).getBytes(StandardCharsets.UTF_8));
    }

    ECKey key() {
        return key;
    }

    /** The body that the page posts, for a challenge, a page, flags and a counter. */
    String assertion(String statement, String origin, int flags, int counter) throws Exception {
        byte[] clientData = JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("type", "webauthn.get")
                .put("challenge", BASE64URL.encodeToString(sha256(statement.getBytes(StandardCharsets.UTF_8))))
                .put("origin", origin)
                .put("crossOrigin", false));
        byte[] authenticatorData = ByteBuffer.allocate(37)
                .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
                .put((byte) flags)
                .putInt(counter)
                .array();
        Signature ecdsa = Signature.getInstance("SHA256withECDSA");
        ecdsa.initSign(key.toECPrivateKey());
        ecdsa.update(authenticatorData);
        ecdsa.update(sha256(clientData));
        ObjectNode body = JSON.createObjectNode();
        body.putObject("webauthn")
                .put("credential", credential())
                .put("clientDataJSON", BASE64URL.encodeToString(clientData))
                .put("authenticatorData", BASE64URL.encodeToString(authenticatorData))
                .put("signature", BASE64URL.encodeToString(ecdsa.sign()));
        return body.toString();
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
