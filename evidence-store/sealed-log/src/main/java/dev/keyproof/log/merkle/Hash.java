package dev.keyproof.log.merkle;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An immutable SHA-256 value. */
public final class Hash {
    /** Bytes in a hash. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** Copies the array. */
    public static Hash of(byte[] bytes) {
        return new Hash(bytes.clone());
    }

    /** Copies 32 bytes from {@code offset} on. */
    public static Hash of(byte[] bytes, int offset) {
        return new Hash(Arrays.copyOfRange(bytes, offset, offset + LENGTH));
    }

    /** From 64 hex digits. */
    public static Hash parseHex(String hex) {
        return new Hash(HexFormat.of().parseHex(hex));
    }

    /** Takes the array as its own; for code in this package that made it. */
    static Hash owning(byte[] bytes) {
        return new Hash(bytes);
    }

    byte[] array() {
        return bytes;
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Copies the 32 bytes into {@code target} at {@code offset}. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, LENGTH);
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
