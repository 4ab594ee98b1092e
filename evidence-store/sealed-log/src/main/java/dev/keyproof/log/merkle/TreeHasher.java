package dev.keyproof.log.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * RFC 6962 hashing: leaf = H(0x00 || entry), node = H(0x01 || left || right), empty tree = H(""). Keeps one digest, so it is cheap in a
 * loop and for one thread at a time.
 */
public final class TreeHasher {
    private final MessageDigest digest;

    public TreeHasher() {
        digest = sha256();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Root of the tree without entries. */
    public Hash empty() {
        digest.reset();
        return Hash.owning(digest.digest());
    }

    public Hash leaf(byte[] entry) {
        return leaf(entry, 0, entry.length);
    }

    public Hash leaf(byte[] entry, int offset, int length) {
        digest.reset();
        digest.update((byte) 0);
        digest.update(entry, offset, length);
        return Hash.owning(digest.digest());
    }

    public Hash node(Hash left, Hash right) {
        digest.reset();
        digest.update((byte) 1);
        digest.update(left.array());
        digest.update(right.array());
        return Hash.owning(digest.digest());
    }

    /** Leaf hash of an entry, written into {@code target}; allocates nothing. */
    public void leaf(byte[] entry, int offset, int length, byte[] target, int at) {
        digest.reset();
        digest.update((byte) 0);
        digest.update(entry, offset, length);
        finish(target, at);
    }

    /** Node hash of the 64 bytes at {@code offset}, written into {@code target}; the two may overlap. */
    public void node(byte[] children, int offset, byte[] target, int at) {
        digest.reset();
        digest.update((byte) 1);
        digest.update(children, offset, 2 * Hash.LENGTH);
        finish(target, at);
    }

    private void finish(byte[] target, int at) {
        try {
            digest.digest(target, at, Hash.LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException("no room for a hash at " + at, e);
        }
    }
}
