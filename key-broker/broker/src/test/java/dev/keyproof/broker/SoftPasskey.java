package dev.keyproof.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;

/** A passkey in software, which can be told to lie. */
public final class SoftPasskey {
    public static final int PRESENT = 1;
    public static final int VERIFIED = 4;
    private static final int ATTESTED = 64;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final ECKey key;
    private final String rpId;

    public SoftPasskey(String approver, String rpId) throws Exception {
        this.key = new ECKeyGenerator(Curve.P_256).keyID(approver).generate();
        this.rpId = rpId;
    }

    /** The approver's entry in the file. */
    public ObjectNode jwk() throws Exception {
        ObjectNode jwk = (ObjectNode) JSON.readTree(key.toPublicJWK().toJSONString());
        jwk.putObject("webauthn").put("credential", credential()).put("rpId", rpId);
        return jwk;
    }

    public String credential() {
        return BASE64URL.encodeToString(("credential of " + key.getKeyID()).getBytes(StandardCharsets.UTF_8));
    }

    public ECKey key() {
        return key;
    }

    /** The body that the page posts, for a challenge, a page, flags and a counter. */
    public String assertion(String statement, String origin, int flags, int counter) throws Exception {
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

    /**
     * What the browser gives of its making, attested by a maker of tokens.
     *
     * @param aaguid of the model, 16 bytes
     */
    public ObjectNode registration(String audience, String origin, byte[] aaguid, TestAuthority.Issued maker)
            throws Exception {
        String asked = "{\"approver\":\"" + key.getKeyID() + "\",\"aud\":\"" + audience
                + "\",\"operation\":\"EnrolApprover\"}";
        byte[] clientData = JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("type", "webauthn.create")
                .put("challenge", BASE64URL.encodeToString(sha256(asked.getBytes(StandardCharsets.UTF_8))))
                .put("origin", origin)
                .put("crossOrigin", false));
        byte[] id = Base64.getUrlDecoder().decode(credential());
        byte[] cose = new Cbor()
                .map(5)
                .number(1)
                .number(2)
                .number(3)
                .number(-7)
                .number(-1)
                .number(1)
                .number(-2)
                .bytes(key.getX().decode())
                .number(-3)
                .bytes(key.getY().decode())
                .toBytes();
        byte[] authenticatorData = ByteBuffer.allocate(37 + 16 + 2 + id.length + cose.length)
                .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
                .put((byte) (PRESENT | VERIFIED | ATTESTED))
                .putInt(1)
                .put(aaguid)
                .putShort((short) id.length)
                .put(id)
                .put(cose)
                .array();
        Signature ecdsa = Signature.getInstance("SHA256withECDSA");
        ecdsa.initSign(maker.key());
        ecdsa.update(authenticatorData);
        ecdsa.update(sha256(clientData));
        byte[] attestation = new Cbor()
                .map(3)
                .text("fmt")
                .text("packed")
                .text("attStmt")
                .map(3)
                .text("alg")
                .number(-7)
                .text("sig")
                .bytes(ecdsa.sign())
                .text("x5c")
                .list(1)
                .bytes(maker.certificate().getEncoded())
                .text("authData")
                .bytes(authenticatorData)
                .toBytes();
        return JSON.createObjectNode()
                .put("clientDataJSON", BASE64URL.encodeToString(clientData))
                .put("attestationObject", BASE64URL.encodeToString(attestation));
    }

    /** As much of CBOR (RFC 8949) as a registration needs. */
    private static final class Cbor {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Cbor map(int entries) {
            return head(5, entries);
        }

        Cbor list(int items) {
            return head(4, items);
        }

        Cbor number(int value) {
            return value < 0 ? head(1, -1 - value) : head(0, value);
        }

        Cbor text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            head(3, bytes.length).out.writeBytes(bytes);
            return this;
        }

        Cbor bytes(byte[] bytes) {
            head(2, bytes.length).out.writeBytes(bytes);
            return this;
        }

        private Cbor head(int type, int value) {
            if (value < 24) {
                out.write(type << 5 | value);
            } else {
                out.write(type << 5 | 25);
                out.write(value >> 8);
                out.write(value & 0xff);
            }
            return this;
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
