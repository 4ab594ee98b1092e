package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One custodian's share of a root.
 *
 * @param ceremony id of the ceremony that made it
 * @param number the share's place, from 1
 * @param value as many bytes as the secret has; in JSON in Base64
 */
public record Share(
        @JsonProperty(required = true) String ceremony,
        @JsonProperty(required = true) int number,
        @JsonProperty(required = true) String custodian,
        @JsonProperty(required = true) byte[] value) {

    /** What the transcript knows it by: SHA-256 over a name, the ceremony, the number and the value; hex. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("keyproof/ceremony/share".getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(ceremony.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(ByteBuffer.allocate(4).putInt(number).array());
            return HexFormat.of().formatHex(digest.digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Share[" + number + " of " + ceremony + "]";
    }
}
