package dev.keyproof.log.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * The frontier of a growing tree: the hashes of the complete subtrees that its size decomposes into, largest first. Appending costs
 * two hashes on average; the root is computed when asked for. Not for several threads.
 */
public final class CompactRange {
    private static final int LEVELS = 63;

    private final TreeHasher hasher = new TreeHasher();
    /** Hash of the complete subtree of each level that is set in {@code size}; in pairs, so that a node is hashed in place. */
    private final byte[] levels = new byte[(LEVELS + 1) * 2 * Hash.LENGTH];

    private long size;

    /** The empty tree. */
    public CompactRange() {}

    /**
     * The frontier of a tree of {@code size} entries.
     *
     * @param nodes as {@link #nodes()} gives them
     * @throws IllegalArgumentException if their number does not belong to the size
     */
    public static CompactRange of(long size, List<Hash> nodes) {
        if (size < 0 || nodes.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException("a tree of " + size + " has no frontier of " + nodes.size() + " hashes");
        }
        CompactRange range = new CompactRange();
        range.size = size;
        int next = 0;
        for (int level = LEVELS - 1; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                nodes.get(next).copyTo(range.levels, slot(level));
                next++;
            }
        }
        return range;
    }

    public CompactRange copy() {
        CompactRange copy = new CompactRange();
        copy.size = size;
        System.arraycopy(levels, 0, copy.levels, 0, levels.length);
        return copy;
    }

    /** The same hashes in the same places; used to undo a batch. */
    public void reset(CompactRange other) {
        size = other.size;
        System.arraycopy(other.levels, 0, levels, 0, levels.length);
    }

    public long size() {
        return size;
    }

    /** Appends the entry itself. */
    public void append(byte[] entry, int offset, int length) {
        int right = slot(0) + Hash.LENGTH;
        hasher.leaf(entry, offset, length, levels, right);
        merge();
    }

    /** Appends the hash of a leaf that stands in {@code leaves} from byte {@code at} on. */
    public void append(byte[] leaves, int at) {
        System.arraycopy(leaves, at, levels, slot(0) + Hash.LENGTH, Hash.LENGTH);
        merge();
    }

    /** Appends the hash of a leaf. */
    public void append(Hash leaf) {
        leaf.copyTo(levels, slot(0) + Hash.LENGTH);
        merge();
    }

    /** A new hash stands right of level 0; it moves up while there is a complete subtree left of it. */
    private void merge() {
        int level = 0;
        while ((size >>> level & 1) == 1) {
            hasher.node(levels, slot(level), levels, slot(level + 1) + Hash.LENGTH);
            level++;
        }
        System.arraycopy(levels, slot(level) + Hash.LENGTH, levels, slot(level), Hash.LENGTH);
        size++;
    }

    /** Complete subtrees, largest first; empty for the empty tree. */
    public List<Hash> nodes() {
        List<Hash> nodes = new ArrayList<>(Long.bitCount(size));
        for (int level = LEVELS - 1; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                nodes.add(Hash.of(levels, slot(level)));
            }
        }
        return nodes;
    }

    /** Root of the tree over all entries so far. */
    public Hash root() {
        List<Hash> nodes = nodes();
        if (nodes.isEmpty()) {
            return hasher.empty();
        }
        Hash root = nodes.getLast();
        for (int i = nodes.size() - 2; i >= 0; i--) {
            root = hasher.node(nodes.get(i), root);
        }
        return root;
    }

    private static int slot(int level) {
        return level * 2 * Hash.LENGTH;
    }
}
