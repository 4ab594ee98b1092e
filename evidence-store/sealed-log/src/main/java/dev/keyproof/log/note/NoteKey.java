package dev.keyproof.log.note;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;

/** Signature types and key ids of C2SP signed-note. */
public final class NoteKey {
    /** Ed25519 over the note text. */
    public static final byte ED25519 = 0x01;
    /** ECDSA with SHA-256 over the note text, DER; P-256 here. */
    public static final byte ECDSA = 0x02;
    /** Ed25519 over a time and the note text (C2SP tlog-cosignature): what a witness makes. */
    public static final byte COSIGNATURE = 0x04;

    /** An Ed25519 key in SPKI is this prefix and the 32 bytes of RFC 8032. */
    private static final byte[] ED25519_SPKI = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private NoteKey() {}

    /**
     * The key id: for Ed25519 of name, newline, type and raw key; for ECDSA of the SPKI alone.
     *
     * @throws IllegalArgumentException if the key is of neither type
     */
    public static int id(String name, PublicKey key) {
        return id(name, type(key), key);
    }

    static int id(String name, byte type, PublicKey key) {
        MessageDigest digest = sha256();
        if (type != ECDSA) {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            digest.update(type);
        }
        byte[] id = digest.digest(encoded(key));
        return (id[0] & 0xff) << 24 | (id[1] & 0xff) << 16 | (id[2] & 0xff) << 8 | (id[3] & 0xff);
    }

    /**
     * The signature type that belongs to a key.
     *
     * @throws IllegalArgumentException if it is neither Ed25519 nor elliptic curve
     */
    public static byte type(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "Ed25519", "EdDSA" -> ED25519;
            case "EC" -> ECDSA;
            default -> throw new IllegalArgumentException("no note signature type for a key of " + key.getAlgorithm());
        };
    }

    /** The key as a verifier key carries it: 32 raw bytes for Ed25519, the SPKI for ECDSA. */
    static byte[] encoded(PublicKey key) {
        byte[] spki = key.getEncoded();
        if (type(key) == ECDSA) {
            return spki;
        }
        return Arrays.copyOfRange(spki, ED25519_SPKI.length, spki.length);
    }

    static byte[] spkiOfEd25519(byte[] raw) {
        byte[] spki = Arrays.copyOf(ED25519_SPKI, ED25519_SPKI.length + raw.length);
        System.arraycopy(raw, 0, spki, ED25519_SPKI.length, raw.length);
        return spki;
    }

    /** True for a name that may stand in a signature line. */
    static boolean isName(String name) {
        return !name.isEmpty() && name.codePoints().noneMatch(c -> c == '+' || c < 0x20 || isUnicodeSpace(c));
    }

    private static boolean isUnicodeSpace(int c) {
        return Character.isSpaceChar(c) || Character.isWhitespace(c) || c == 0x85;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
