package dev.keyproof.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java has. */
final class Digests {
    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }

    static byte[] sha256(byte[] content) {
        return sha256().digest(content);
    }

    static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256(content));
    }

    static String hex(ByteBuffer content) {
        MessageDigest digest = sha256();
        digest.update(content);
        return HexFormat.of().formatHex(digest.digest());
    }
}
