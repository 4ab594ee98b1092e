package dev.keyproof.log.store;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import java.util.Arrays;
import java.util.List;

/**
 * What one commit says: so many entries, their tree, where they end, and the caller's positions.
 *
 * @param sequence number of the commit, from 1; 0 for the empty log
 * @param size entries
 * @param end bytes used in the segment in which entry {@code size} will stand
 * @param frontier complete subtrees of the tree, largest first
 * @param root of the tree
 * @param positions opaque to the store
 */
public record Committed(long sequence, long size, long end, List<Hash> frontier, Hash root, Positions positions) {
    public Committed {
        frontier = List.copyOf(frontier);
    }

    static Committed nothing() {
        CompactRange empty = new CompactRange();
        return new Committed(0, 0, 0, empty.nodes(), empty.root(), Positions.NONE);
    }

    /** The caller's bytes, kept as they were given. */
    public static final class Positions {
        static final Positions NONE = new Positions(new byte[0]);

        private final byte[] bytes;

        /** Copies the bytes. */
        public Positions(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        int length() {
            return bytes.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Positions that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}
