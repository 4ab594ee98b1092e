package dev.keyproof.log.tile;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.HashSource;
import dev.keyproof.log.merkle.TreeHasher;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hashes of complete subtrees, read from the tiles of a tree of one size. Tiles are not trusted by this class: what is computed from
 * them is checked when a proof or root is compared with a signed one. Keeps the tiles read last. Not for several threads.
 */
public final class TileHashes implements HashSource {
    private static final int KEPT = 64;

    private final TileReader reader;
    private final long size;
    private final TreeHasher hasher = new TreeHasher();
    private final Map<TilePath, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, byte[]> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * Hashes of the tree over {@code size} entries.
     *
     * @param size one for which the log published a checkpoint, else its partial tiles may not exist
     */
    public TileHashes(TileReader reader, long size) {
        this.reader = reader;
        this.size = size;
    }

    @Override
    public Hash hash(int level, long index) throws LogException {
        if (index + 1 > size >>> level) {
            throw new LogException("a tree of " + size + " has no hash " + index + " at level " + level);
        }
        int tileLevel = level / TilePath.HEIGHT;
        int within = level % TilePath.HEIGHT;
        long first = index << within;
        byte[] tile = tile(TilePath.in(tileLevel, first / TilePath.WIDTH, size));
        return subtree(hasher, tile, (int) (first % TilePath.WIDTH), 1 << within);
    }

    /**
     * Root of a complete subtree within a tile.
     *
     * @param tile hashes, one after the other
     * @param first hash of the subtree, a multiple of {@code count}
     * @param count hashes in it, a power of two
     */
    public static Hash subtree(byte[] tile, int first, int count) {
        return subtree(new TreeHasher(), tile, first, count);
    }

    private static Hash subtree(TreeHasher hasher, byte[] tile, int first, int count) {
        if (count == 1) {
            return Hash.of(tile, first * Hash.LENGTH);
        }
        int half = count / 2;
        return hasher.node(subtree(hasher, tile, first, half), subtree(hasher, tile, first + half, half));
    }

    private byte[] tile(TilePath path) throws LogException {
        byte[] tile = kept.get(path);
        if (tile == null) {
            tile = reader.read(path);
            if (tile.length != path.width() * Hash.LENGTH) {
                throw new LogCorruptException(
                        path.path() + " has " + tile.length + " bytes, not " + path.width() * Hash.LENGTH);
            }
            kept.put(path, tile);
        }
        return tile;
    }
}
