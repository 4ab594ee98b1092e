package dev.keyproof.verify;

import dev.keyproof.log.tile.TilePath;
import java.util.ArrayList;
import java.util.List;

/** Which tiles and bundles a pack carries for a log: all hash tiles of its size, and the bundles of the entries asked for. */
public final class LogFiles {
    private LogFiles() {}

    /** Hash tiles of a tree of {@code size} entries, lowest level first. */
    public static List<TilePath> tiles(long size) {
        List<TilePath> tiles = new ArrayList<>();
        int level = 0;
        for (long hashes = size; hashes > 0; hashes >>>= TilePath.HEIGHT) {
            for (long index = 0; index * TilePath.WIDTH < hashes; index++) {
                tiles.add(TilePath.in(level, index, size));
            }
            level++;
        }
        return tiles;
    }

    /** Entry bundles of a tree of {@code size} entries that hold those from {@code from} to {@code to}, exclusive. */
    public static List<TilePath> bundles(long from, long to, long size) {
        List<TilePath> bundles = new ArrayList<>();
        for (long index = from / TilePath.WIDTH; index * TilePath.WIDTH < to; index++) {
            bundles.add(TilePath.in(TilePath.ENTRIES, index, size));
        }
        return from == to ? List.of() : bundles;
    }
}
