package dev.keyproof.log.merkle;

import dev.keyproof.log.LogException;
import java.util.ArrayList;
import java.util.List;

/**
 * That one tree is the beginning of another (RFC 6962, 2.1.2).
 *
 * @param from size of the older tree
 * @param to size of the newer tree, not smaller
 * @param path the hashes of the proof; empty if the sizes are equal or the older tree is empty
 */
public record ConsistencyProof(long from, long to, List<Hash> path) {
    public ConsistencyProof {
        path = List.copyOf(path);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("a tree of " + from + " is not the beginning of one of " + to);
        }
    }

    /**
     * Proves that the first {@code from} entries are the beginning of the first {@code to}.
     *
     * @throws LogException if a hash is not there
     */
    public static ConsistencyProof of(long from, long to, HashSource source) throws LogException {
        List<Hash> path = new ArrayList<>();
        if (from > 0 && from < to) {
            Subtrees tree = new Subtrees(source);
            long start = 0;
            long end = to;
            while (from != end) {
                long middle = start + Subtrees.split(end - start);
                if (from <= middle) {
                    path.add(tree.root(middle, end));
                    end = middle;
                } else {
                    path.add(tree.root(start, middle));
                    start = middle;
                }
            }
            // The old tree's own root is known to the verifier; a smaller right-hand subtree is not.
            if (start > 0) {
                path.add(tree.root(start, end));
            }
        }
        return new ConsistencyProof(from, to, path.reversed());
    }

    /** True if the proof leads from {@code older} (the root at {@link #from}) to {@code newer} (the root at {@link #to}). */
    public boolean verifies(Hash older, Hash newer) {
        TreeHasher hasher = new TreeHasher();
        if (from == to) {
            return path.isEmpty() && older.equals(newer);
        }
        if (from == 0) {
            return path.isEmpty() && older.equals(hasher.empty());
        }
        long node = from - 1;
        long last = to - 1;
        while ((node & 1) == 1) {
            node >>>= 1;
            last >>>= 1;
        }
        int next = 0;
        Hash old = older;
        Hash hash = older;
        if (node != 0) {
            if (path.isEmpty()) {
                return false;
            }
            old = path.getFirst();
            hash = old;
            next = 1;
        }
        for (Hash sibling : path.subList(next, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                old = hasher.node(sibling, old);
                hash = hasher.node(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>>= 1;
                    last >>>= 1;
                }
            } else {
                hash = hasher.node(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && old.equals(older) && hash.equals(newer);
    }
}
