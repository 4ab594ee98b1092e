package dev.keyproof.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;

/** UUIDs that follow from what they name (RFC 9562, version 5), so that a pack built again names everything as before. */
public final class NamedUuid {
    /** Ours; made once, at random. Another value would rename everything in every pack. */
    private static final UUID SPACE = UUID.fromString("3f0b8b1e-6c1d-4a53-9d0e-5c7a1f2e9b64");

    private NamedUuid() {}

    /** The UUID of a thing; {@code parts} name it, outermost first. */
    public static String of(String... parts) {
        MessageDigest sha1;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-1", e);
        }
        sha1.update(ByteBuffer.allocate(16)
                .putLong(SPACE.getMostSignificantBits())
                .putLong(SPACE.getLeastSignificantBits())
                .flip());
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // The length keeps ("a", "bc") apart from ("ab", "c").
            sha1.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            sha1.update(bytes);
        }
        byte[] digest = Arrays.copyOf(sha1.digest(), 16);
        digest[6] = (byte) ((digest[6] & 0x0f) | 0x50);
        digest[8] = (byte) ((digest[8] & 0x3f) | 0x80);
        ByteBuffer halves = ByteBuffer.wrap(digest);
        return new UUID(halves.getLong(), halves.getLong()).toString();
    }
}
