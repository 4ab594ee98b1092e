package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import dev.keyproof.log.tile.TilePath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A log of very many entries that are all the same, so that all full tiles of a level are one file under many names. Of the entries
 * themselves only the last segments are there, which is what opening reads; the tiles are all there, and so every proof can be made and
 * holds against the signed root.
 */
public final class SyntheticLog {
    /** A file may have some 65,000 names on ext4. */
    private static final int NAMES = 60_000;

    private static final int LAST_COMMIT = 1000;
    private static final int LEVELS = 8;

    private final Path dir;
    private final String origin;
    private final long size;
    private final byte[] entry;
    /** Root of the complete tree of each height. */
    private final List<Hash> complete = new ArrayList<>();

    private SyntheticLog(Path dir, String origin, long size, byte[] entry) {
        this.dir = dir;
        this.origin = origin;
        this.size = size;
        this.entry = entry.clone();
        TreeHasher hasher = new TreeHasher();
        complete.add(hasher.leaf(entry));
        while (complete.size() < Long.SIZE) {
            complete.add(hasher.node(complete.getLast(), complete.getLast()));
        }
    }

    /** Makes it as if {@code size} entries had been appended, signed and published, and the process had ended. */
    public static void make(Path dir, String origin, long size, byte[] entry, List<? extends NoteSigner> signers)
            throws LogException, IOException {
        SyntheticLog log = new SyntheticLog(dir, origin, size, entry);
        log.store(signers);
        log.tiles();
    }

    private void store(List<? extends NoteSigner> signers) throws LogException, IOException {
        StoreLayout layout = new StoreLayout(dir.resolve("store"));
        LogStore.create(layout, new Identity("log", origin, "-"));
        for (long first = firstNeeded(); first < size; first += StoreLayout.SEGMENT_ENTRIES) {
            segment(layout.segment(first), Math.min(StoreLayout.SEGMENT_ENTRIES, size - first));
        }
        try (CommitFile commits = CommitFile.open(layout.commits())) {
            commits.write(commit(1, size - LAST_COMMIT));
            commits.write(commit(2, size));
            commits.force();
        }
        CompactRange tree = CompactRange.of(size, frontier(size));
        Checkpoint checkpoint = new Checkpoint(origin, size, tree.root());
        try (HeadFile heads = HeadFile.open(layout.heads(), null)) {
            HeadFile.Head head =
                    heads.append(new SignedHead(checkpoint, SignedNote.sign(checkpoint.text(), signers)), tree.nodes());
            DurableMark mark = DurableMark.write(layout.durable());
            mark.size(size);
            mark.released(head.begin(), head.end());
        }
    }

    private long firstNeeded() {
        return Math.max(0, StoreLayout.lastWhole(size) - StoreLayout.SEGMENT_ENTRIES);
    }

    private void segment(Path path, long entries) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            for (long i = 0; i < entries; i++) {
                out.write(entry.length >>> 8);
                out.write(entry.length);
                out.write(entry);
            }
        }
    }

    private Committed commit(long sequence, long at) {
        CompactRange tree = CompactRange.of(at, frontier(at));
        long end = (at - StoreLayout.first(at)) * (entry.length + 2L);
        return new Committed(sequence, at, end, tree.nodes(), tree.root(), Committed.Positions.NONE);
    }

    private List<Hash> frontier(long of) {
        List<Hash> nodes = new ArrayList<>();
        for (int level = Long.SIZE - 2; level >= 0; level--) {
            if ((of >>> level & 1) == 1) {
                nodes.add(complete.get(level));
            }
        }
        return nodes;
    }

    /** Those of the tree that ends with the segment before the last whole one: what comes after is made when the log is opened. */
    private void tiles() throws IOException {
        long published = firstNeeded();
        for (int level = 0; level < LEVELS; level++) {
            long hashes = published >>> (TilePath.HEIGHT * level);
            byte[] tile = tile(level, TilePath.WIDTH);
            Path source = dir;
            for (long index = 0; index < hashes / TilePath.WIDTH; index++) {
                Path path = dir.resolve(TilePath.full(level, index).path());
                if (index % 1000 == 0) {
                    Files.createDirectories(path.resolveSibling("."));
                }
                if (index % NAMES == 0) {
                    Files.write(path, tile);
                    source = path;
                } else {
                    Files.createLink(path, source);
                }
            }
            int width = (int) (hashes % TilePath.WIDTH);
            if (width > 0) {
                Path path = dir.resolve(new TilePath(level, hashes / TilePath.WIDTH, width).path());
                Files.createDirectories(path.resolveSibling("."));
                Files.write(path, tile(level, width));
            }
        }
    }

    private byte[] tile(int level, int width) {
        byte[] tile = new byte[width * Hash.LENGTH];
        byte[] hash = complete.get(TilePath.HEIGHT * level).bytes();
        for (int i = 0; i < width; i++) {
            System.arraycopy(hash, 0, tile, i * Hash.LENGTH, Hash.LENGTH);
        }
        return tile;
    }
}
