package dev.keyproof.verify.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.List;

/** Dora's passkey, for the relying party {@code keyproof.example}. */
public final class TestingPasskey {
    /** A user present and verified. */
    public static final int VERIFIED = 0x05;

    /** The relying party that it was made for. */
    public static final String HERE = "keyproof.example";

    private static final String PASSKEY = ",\"webauthn\":{\"credential\":\"Y3JlZA\",\"rpId\":\"" + HERE + "\"}}}}}}";

    private final KeyPair key;

    public TestingPasskey() {
        try {
            key = TestingAuthority.keyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its key. */
    public KeyPair key() {
        return key;
    }

    /** The record that enrols it, at entry 5. */
    public String enrolled() {
        String plain = TestingPack.enrolment(5, "dora", key);
        return plain.substring(0, plain.length() - "}}}}}".length()) + PASSKEY;
    }

    /** What it answers when it is asked to sign a statement. */
    public String assertion(String statement) {
        return assertion("webauthn.get", statement, HERE, VERIFIED);
    }

    /** As before, of another type, for another party, or with other flags. */
    public String assertion(String type, String statement, String rpId, int flags) {
        byte[] client = bytes("{\"type\":\"" + type + "\",\"challenge\":\"" + base64Url(sha256(bytes(statement)))
                + "\",\"origin\":\"https://keyproof.example\",\"crossOrigin\":false}");
        byte[] authenticator = ByteBuffer.allocate(37)
                .put(sha256(bytes(rpId)))
                .put((byte) flags)
                .putInt(7)
                .array();
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSA");
            ecdsa.initSign(key.getPrivate());
            ecdsa.update(authenticator);
            ecdsa.update(sha256(client));
            return "{\"approver\":\"dora\",\"authenticatorData\":\"" + base64Url(authenticator)
                    + "\",\"clientDataJSON\":\"" + base64Url(client) + "\",\"signature\":\"" + base64Url(ecdsa.sign())
                    + "\"}";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A pack in which this assertion approves the destruction at entry 2, and this record enrols dora. */
    public static byte[] pack(TestingPack testing, String assertion, String enrolment) {
        List<byte[]> entries = testing.entries(8);
        entries.set(5, bytes(enrolment));
        entries.set(
                2,
                bytes(testing.approved("S").replace("\"jws\":[\"S\"]", "\"jws\":[],\"webauthn\":[" + assertion + "]")));
        return testing.pack(entries);
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
