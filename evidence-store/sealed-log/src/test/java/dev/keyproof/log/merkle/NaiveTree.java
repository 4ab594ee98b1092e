package dev.keyproof.log.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The recursive definitions of RFC 6962, 2.1, word for word; shares nothing with the code under test. */
final class NaiveTree {
    private final List<byte[]> entries;

    NaiveTree(List<byte[]> entries) {
        this.entries = List.copyOf(entries);
    }

    Hash root() {
        return Hash.of(mth(entries));
    }

    Hash root(int size) {
        return Hash.of(mth(entries.subList(0, size)));
    }

    Hash leaf(int index) {
        return Hash.of(mth(entries.subList(index, index + 1)));
    }

    /** The source that proofs are made from. */
    HashSource source() {
        return (level, index) -> Hash.of(mth(entries.subList((int) index << level, (int) (index + 1) << level)));
    }

    List<Hash> inclusion(int index, int size) {
        return hashes(path(index, entries.subList(0, size)));
    }

    List<Hash> consistency(int from, int to) {
        return hashes(subproof(from, entries.subList(0, to), true));
    }

    private static List<Hash> hashes(List<byte[]> path) {
        return path.stream().map(Hash::of).toList();
    }

    private static byte[] mth(List<byte[]> d) {
        if (d.isEmpty()) {
            return sha256();
        }
        if (d.size() == 1) {
            return sha256(new byte[] {0}, d.getFirst());
        }
        int k = split(d.size());
        return sha256(new byte[] {1}, mth(d.subList(0, k)), mth(d.subList(k, d.size())));
    }

    private static List<byte[]> path(int m, List<byte[]> d) {
        List<byte[]> path = new ArrayList<>();
        if (d.size() == 1) {
            return path;
        }
        int k = split(d.size());
        if (m < k) {
            path.addAll(path(m, d.subList(0, k)));
            path.add(mth(d.subList(k, d.size())));
        } else {
            path.addAll(path(m - k, d.subList(k, d.size())));
            path.add(mth(d.subList(0, k)));
        }
        return path;
    }

    private static List<byte[]> subproof(int m, List<byte[]> d, boolean whole) {
        List<byte[]> path = new ArrayList<>();
        if (m == d.size()) {
            if (!whole) {
                path.add(mth(d));
            }
            return path;
        }
        int k = split(d.size());
        if (m <= k) {
            path.addAll(subproof(m, d.subList(0, k), whole));
            path.add(mth(d.subList(k, d.size())));
        } else {
            path.addAll(subproof(m - k, d.subList(k, d.size()), false));
            path.add(mth(d.subList(0, k)));
        }
        return path;
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
