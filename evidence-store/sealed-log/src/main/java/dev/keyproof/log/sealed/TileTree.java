package dev.keyproof.log.sealed;

import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.tile.TileHashes;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.log.tile.TileReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Makes tiles and bundles from entries: full ones as they fill, those at the right edge when asked. Not for several threads. */
final class TileTree {
    /** The tile of one level that is not full yet. */
    private static final class Row {
        final byte[] hashes = new byte[TilePath.WIDTH * Hash.LENGTH];
        int count;
        long index;
    }

    private final TileSink sink;
    private final TreeHasher hasher = new TreeHasher();
    private final List<Row> rows = new ArrayList<>();
    private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    private final byte[] fold = new byte[TilePath.WIDTH * Hash.LENGTH];
    private final CompactRange range;

    private TileTree(TileSink sink, CompactRange range) {
        this.sink = sink;
        this.range = range;
    }

    /** The empty tree. */
    static TileTree empty(TileSink sink) {
        return new TileTree(sink, new CompactRange());
    }

    /**
     * A tree that ends with a segment, so that only levels 2 and above have an open tile, put together from published tiles. They are
     * not trusted: what grows from it must reach a signed root.
     */
    static TileTree resume(TileSink sink, long size, TileReader published) throws LogException {
        if (size % StoreLayout.SEGMENT_ENTRIES != 0) {
            throw new IllegalArgumentException("not the end of a segment: " + size);
        }
        TileHashes source = new TileHashes(published, size);
        List<Hash> frontier = new ArrayList<>();
        long from = 0;
        for (int level = Long.SIZE - 2; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                frontier.add(source.hash(level, from >>> level));
                from += 1L << level;
            }
        }
        TileTree tree = new TileTree(sink, CompactRange.of(size, frontier));
        for (int level = 0; size >>> (TilePath.HEIGHT * level) > 0; level++) {
            tree.load(level, size >>> (TilePath.HEIGHT * level), source);
        }
        return tree;
    }

    private void load(int level, long hashes, TileHashes source) throws LogException {
        Row row = row(level);
        row.index = hashes / TilePath.WIDTH;
        row.count = (int) (hashes % TilePath.WIDTH);
        for (int i = 0; i < row.count; i++) {
            source.hash(level * TilePath.HEIGHT, row.index * TilePath.WIDTH + i).copyTo(row.hashes, i * Hash.LENGTH);
        }
    }

    long size() {
        return range.size();
    }

    /** A copy of the frontier. */
    CompactRange range() {
        return range.copy();
    }

    Hash root() {
        return range.root();
    }

    void add(byte[] array, int at, int length) throws LogException {
        bundle.write(length >>> 8);
        bundle.write(length);
        bundle.write(array, at, length);
        Row row = row(0);
        hasher.leaf(array, at, length, row.hashes, row.count * Hash.LENGTH);
        range.append(Hash.of(row.hashes, row.count * Hash.LENGTH));
        added(0);
    }

    private void added(int level) throws LogException {
        Row row = row(level);
        row.count++;
        if (row.count < TilePath.WIDTH) {
            return;
        }
        if (level == 0) {
            sink.put(TilePath.full(TilePath.ENTRIES, row.index), bundle.toByteArray(), bundle.size());
            bundle.reset();
        }
        sink.put(TilePath.full(level, row.index), row.hashes, row.hashes.length);
        Row above = row(level + 1);
        fold(row, above.hashes, above.count * Hash.LENGTH);
        row.count = 0;
        row.index++;
        added(level + 1);
    }

    /** Root of a full tile. */
    private void fold(Row row, byte[] target, int at) {
        System.arraycopy(row.hashes, 0, fold, 0, fold.length);
        for (int count = TilePath.WIDTH / 2; count > 0; count /= 2) {
            for (int i = 0; i < count; i++) {
                hasher.node(fold, 2 * i * Hash.LENGTH, fold, i * Hash.LENGTH);
            }
        }
        System.arraycopy(fold, 0, target, at, Hash.LENGTH);
    }

    private Row row(int level) {
        while (rows.size() <= level) {
            rows.add(new Row());
        }
        return rows.get(level);
    }

    /** Gives the partial tiles and the partial bundle of the tree as it is now. */
    void edge() throws LogException {
        for (int level = 0; level < rows.size(); level++) {
            Row row = rows.get(level);
            if (row.count > 0) {
                if (level == 0) {
                    sink.put(TilePath.entries(row.index, row.count), bundle.toByteArray(), bundle.size());
                }
                sink.put(new TilePath(level, row.index, row.count), row.hashes, row.count * Hash.LENGTH);
            }
        }
    }
}
