package dev.keyproof.log.sealed;

import dev.keyproof.log.LogException;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The partial tiles at the right edge of a published tree. A publication that was cut short leaves some of a tree that was never signed,
 * perhaps torn; a crash of the machine may spoil those of older trees, which are not forced.
 */
final class PartialTiles {
    private static final int LEVELS = 8;

    private final Path dir;
    private final long size;

    /** Those of the tree over {@code size} entries, whose own tiles are there. */
    PartialTiles(Path dir, long size) {
        this.dir = dir;
        this.size = size;
    }

    /** Removes what belongs to a larger tree, and writes again what is no longer the beginning of this one's. */
    void settle() throws LogException {
        for (int level = TilePath.ENTRIES; level < LEVELS; level++) {
            settle(level);
        }
    }

    private void settle(int level) throws LogException {
        long hashes = size >>> (TilePath.HEIGHT * Math.max(0, level));
        long index = hashes / TilePath.WIDTH;
        int width = (int) (hashes % TilePath.WIDTH);
        Path full = dir.resolve(TilePath.full(level, index).path());
        Path folder = full.resolveSibling(full.getFileName() + ".p");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            for (Path file : list(folder)) {
                int there = width(file);
                if (there > width) {
                    Files.delete(file);
                } else if (there > 0 && there < width) {
                    TilePath path = new TilePath(level, index, there);
                    beginning(file, path, Files.readAllBytes(folder.resolve(Integer.toString(width))));
                }
            }
        } catch (IOException e) {
            throw new LogException("cannot put the partial tiles in " + folder + " in order", e);
        }
    }

    /** 0 for a file that is no partial tile; a check reports it. */
    private static int width(Path file) {
        String name = file.getFileName().toString();
        return name.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(name) : 0;
    }

    private static void beginning(Path file, TilePath path, byte[] widest) throws LogException, IOException {
        byte[] expected = TileFolder.beginning(widest, path);
        if (!Arrays.equals(Files.readAllBytes(file), expected)) {
            Files.write(file, expected);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
