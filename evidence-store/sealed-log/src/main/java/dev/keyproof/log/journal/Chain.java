package dev.keyproof.log.journal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of the entry before, which the next entry carries. Only in the commit turn. */
final class Chain {
    private static final String NONE = "0".repeat(64);

    private final MessageDigest digest;
    private String previousHex = NONE;

    Chain() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String previousHex() {
        return previousHex;
    }

    void follow(byte[] entry) {
        previousHex = HexFormat.of().formatHex(digest.digest(entry));
    }
}
