package dev.keyproof.log.sealed;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.tile.TileHashes;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.log.tile.TileReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tiles that lead to a signed root: a full one by its place in the tile above it, those at the right edge together by the root itself.
 * Keeps what it has checked. Not for several threads.
 */
final class SealedTiles {
    private static final int KEPT = 64;

    private final TileReader reader;
    private final long size;
    private final Hash root;
    private final Map<TilePath, byte[]> edge = new LinkedHashMap<>();
    private final Map<TilePath, byte[]> full = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, byte[]> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * The tiles of a signed tree.
     *
     * @param reader not trusted
     * @param head whose signature was checked, or that this process signed
     */
    SealedTiles(TileReader reader, Checkpoint head) {
        this.reader = reader;
        this.size = head.size();
        this.root = head.root();
    }

    long size() {
        return size;
    }

    /**
     * The hash of an entry as it was sealed.
     *
     * @throws LogCorruptException if a tile on the way to the root is damaged
     * @throws LogException if one is missing
     */
    Hash leaf(long index) throws LogException {
        byte[] tile = sealed(TilePath.in(0, index / TilePath.WIDTH, size));
        return Hash.of(tile, (int) (index % TilePath.WIDTH) * Hash.LENGTH);
    }

    /** True if this is the content of that tile as it was sealed; false if the tiles above it cannot tell. */
    boolean isSealed(TilePath path, byte[] content) {
        try {
            if (content.length != path.width() * Hash.LENGTH) {
                return false;
            }
            if (path.isPartial()) {
                return java.util.Arrays.equals(sealed(path), content);
            }
            return above(path).equals(TileHashes.subtree(content, 0, TilePath.WIDTH));
        } catch (LogException e) {
            return false;
        }
    }

    private byte[] sealed(TilePath path) throws LogException {
        if (path.isPartial()) {
            if (edge.isEmpty()) {
                edge.putAll(readEdge());
            }
            byte[] tile = edge.get(path);
            if (tile == null) {
                throw new LogException("a tree of " + size + " has no tile " + path.path());
            }
            return tile;
        }
        byte[] tile = full.get(path);
        if (tile == null) {
            tile = read(path);
            if (!above(path).equals(TileHashes.subtree(tile, 0, TilePath.WIDTH))) {
                throw new LogCorruptException(path.path() + " does not lead to the signed root over " + size);
            }
            full.put(path, tile);
        }
        return tile;
    }

    /** The root of a full tile, as the tile above it has it. */
    private Hash above(TilePath path) throws LogException {
        byte[] above = sealed(TilePath.in(path.level() + 1, path.index() / TilePath.WIDTH, size));
        return Hash.of(above, (int) (path.index() % TilePath.WIDTH) * Hash.LENGTH);
    }

    private Map<TilePath, byte[]> readEdge() throws LogException {
        Map<TilePath, byte[]> tiles = new LinkedHashMap<>();
        List<Hash> frontier = new ArrayList<>();
        for (int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(size)) / TilePath.HEIGHT; level >= 0; level--) {
            long hashes = size >>> (TilePath.HEIGHT * level);
            int width = (int) (hashes % TilePath.WIDTH);
            if (width == 0) {
                continue;
            }
            TilePath path = new TilePath(level, hashes / TilePath.WIDTH, width);
            byte[] tile = read(path);
            tiles.put(path, tile);
            int first = 0;
            for (int count = TilePath.WIDTH / 2; count > 0; count /= 2) {
                if ((width & count) != 0) {
                    frontier.add(TileHashes.subtree(tile, first, count));
                    first += count;
                }
            }
        }
        if (!CompactRange.of(size, frontier).root().equals(root)) {
            throw new LogCorruptException(
                    "the tiles at the edge of a tree of " + size + " do not lead to its signed root: "
                            + tiles.keySet().stream().map(TilePath::path).toList());
        }
        return tiles;
    }

    private byte[] read(TilePath path) throws LogException {
        byte[] tile = reader.read(path);
        if (tile.length != path.width() * Hash.LENGTH) {
            throw new LogCorruptException(
                    path.path() + " has " + tile.length + " bytes, not " + path.width() * Hash.LENGTH);
        }
        return tile;
    }

    /** For a tree that extends this one: what was checked of it stays so. */
    SealedTiles extended(Checkpoint head) {
        SealedTiles extended = new SealedTiles(reader, head);
        extended.full.putAll(full);
        return extended;
    }
}
