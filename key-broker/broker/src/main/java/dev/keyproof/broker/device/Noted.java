package dev.keyproof.broker.device;

import dev.keyproof.broker.digest.Digest;
import dev.keyproof.pkcs11.TokenObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/**
 * An object as it was written down, and the record that says so.
 *
 * @param source whose journal it is in
 * @param sequence of the record
 */
record Noted(TokenObject object, String source, String epoch, long sequence) {

    /**
     * What a record says of an object: SHA-256 over the token's label, kind, id, label, and each attribute with its value in the order of
     * their names; each in UTF-8 after its length in 4 bytes.
     */
    static String digest(String token, TokenObject object) {
        MessageDigest digest = Digest.sha256();
        add(digest, token);
        add(digest, object.kind());
        add(digest, object.id());
        add(digest, object.label());
        for (Map.Entry<String, String> attribute : object.attributes().entrySet()) {
            add(digest, attribute.getKey());
            add(digest, attribute.getValue());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }
}
