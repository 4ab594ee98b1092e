package dev.keyproof.log.tile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a tile or entry bundle below the log's prefix (C2SP tlog-tiles).
 *
 * @param level tile level from 0, or {@link #ENTRIES}
 * @param index of the tile within its level, from 0
 * @param width hashes or entries in it: 256 if it is full, 1 to 255 if partial
 */
public record TilePath(int level, long index, int width) {
    /** In place of a level: an entry bundle. */
    public static final int ENTRIES = -1;
    /** Hashes in a full tile, entries in a full bundle. */
    public static final int WIDTH = 256;
    /** Tree levels that one level of tiles covers. */
    public static final int HEIGHT = 8;

    private static final int MAX_LEVEL = 63;
    private static final Pattern PATH =
            Pattern.compile("tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public TilePath {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > WIDTH) {
            throw new IllegalArgumentException("no tile of level " + level + ", index " + index + ", width " + width);
        }
    }

    /** A full tile. */
    public static TilePath full(int level, long index) {
        return new TilePath(level, index, WIDTH);
    }

    public static TilePath entries(long index, int width) {
        return new TilePath(ENTRIES, index, width);
    }

    /**
     * The tile that holds a hash of a tile level in a tree of {@code size} entries, full or partial as that tree has it.
     *
     * @throws IllegalArgumentException if the tree has no such hash
     */
    public static TilePath in(int level, long index, long size) {
        long hashes = level <= 0 ? size : size >>> Math.min(63, HEIGHT * level);
        return new TilePath(level, index, (int) Math.min(WIDTH, hashes - index * WIDTH));
    }

    public boolean isPartial() {
        return width < WIDTH;
    }

    public boolean isEntries() {
        return level == ENTRIES;
    }

    /** The path, for instance {@code tile/0/x001/x234/067.p/5}. */
    public String path() {
        StringBuilder number = new StringBuilder(String.format("%03d", index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            number.insert(0, String.format("x%03d/", rest % 1000));
        }
        String prefix = "tile/" + (isEntries() ? "entries" : Integer.toString(level)) + "/" + number;
        return isPartial() ? prefix + ".p/" + width : prefix;
    }

    /**
     * Parses what {@link #path()} writes, and nothing else.
     *
     * @throws IllegalArgumentException if it is not a tile's path
     */
    public static TilePath parse(String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a tile's path: " + path);
        }
        int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
        long index;
        try {
            index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a tile's path: " + path, e);
        }
        String width = matcher.group(3);
        TilePath tile = new TilePath(level, index, width == null ? WIDTH : Integer.parseInt(width));
        // Leading groups of zeros, or .p/256, would be second names for the same tile.
        if (!tile.path().equals(path)) {
            throw new IllegalArgumentException("not a tile's path: " + path);
        }
        return tile;
    }
}
