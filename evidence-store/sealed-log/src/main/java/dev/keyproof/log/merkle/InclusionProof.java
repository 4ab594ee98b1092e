package dev.keyproof.log.merkle;

import dev.keyproof.log.LogException;
import java.util.ArrayList;
import java.util.List;

/**
 * That one entry is in a tree (RFC 6962, 2.1.1).
 *
 * @param index of the entry, from 0
 * @param size of the tree
 * @param path hashes from the leaf's sibling upwards
 */
public record InclusionProof(long index, long size, List<Hash> path) {
    public InclusionProof {
        path = List.copyOf(path);
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no entry " + index + " in a tree of " + size);
        }
    }

    /**
     * Proves entry {@code index} in the tree of the first {@code size} entries.
     *
     * @throws LogException if a hash is not there
     * @throws IllegalArgumentException if the tree has no such entry
     */
    public static InclusionProof of(long index, long size, HashSource source) throws LogException {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no entry " + index + " in a tree of " + size);
        }
        List<Hash> path = new ArrayList<>();
        Subtrees tree = new Subtrees(source);
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + Subtrees.split(to - from);
            if (index < middle) {
                path.add(tree.root(middle, to));
                to = middle;
            } else {
                path.add(tree.root(from, middle));
                from = middle;
            }
        }
        return new InclusionProof(index, size, path.reversed());
    }

    /** True if {@code leaf} at {@link #index} leads to {@code root}. */
    public boolean verifies(Hash leaf, Hash root) {
        TreeHasher hasher = new TreeHasher();
        Hash hash = leaf;
        long node = index;
        long last = size - 1;
        for (Hash sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
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
        return last == 0 && hash.equals(root);
    }
}
