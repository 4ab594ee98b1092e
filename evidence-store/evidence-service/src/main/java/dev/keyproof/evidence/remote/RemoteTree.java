package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TileHashes;
import dev.keyproof.log.tile.TilePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a log's entries from the bucket from the signed root down, so that each tile and bundle is known to be what was sealed before
 * what lies below it is asked for. Who may write to the bucket may have put versions of his own: of several, the one that fits is taken.
 */
final class RemoteTree {
    /** Choices among versions of the tiles at the right edge, which only together lead to the root. */
    private static final int MOST_CHOICES = 10_000;

    private final Bucket bucket;
    private final int year;
    private final Checkpoint checkpoint;
    private final Sink sink;
    private final TreeHasher hasher = new TreeHasher();
    private int choices;

    /** Takes the entries of a bundle. */
    @FunctionalInterface
    interface Sink {
        void bundle(List<byte[]> entries) throws EvidenceException, LogException;
    }

    RemoteTree(Bucket bucket, int year, Checkpoint checkpoint, Sink sink) {
        this.bucket = bucket;
        this.year = year;
        this.checkpoint = checkpoint;
        this.sink = sink;
    }

    /** Hands over all entries in their order. */
    void read() throws EvidenceException, LogException {
        long size = checkpoint.size();
        List<TilePath> edge = new ArrayList<>();
        for (int level = (63 - Long.numberOfLeadingZeros(size)) / TilePath.HEIGHT; level >= 0; level--) {
            long hashes = size >>> (TilePath.HEIGHT * level);
            if (hashes % TilePath.WIDTH > 0) {
                edge.add(TilePath.in(level, hashes / TilePath.WIDTH, size));
            }
        }
        List<byte[]> tiles = edge(edge, List.of(), List.of())
                .orElseThrow(() -> new EvidenceException(bucket.name() + ": the last tiles of " + year
                        + " do not lead to the signed root over " + size));
        for (int i = 0; i < edge.size(); i++) {
            TilePath tile = edge.get(i);
            if (tile.level() == 0) {
                bundle(TilePath.entries(tile.index(), tile.width()), tiles.get(i));
            } else {
                below(tile, tiles.get(i));
            }
        }
    }

    /** The versions of the tiles at the right edge that together lead to the root. */
    private Optional<List<byte[]>> edge(List<TilePath> edge, List<byte[]> chosen, List<Hash> nodes)
            throws EvidenceException {
        if (chosen.size() == edge.size()) {
            return CompactRange.of(checkpoint.size(), nodes).root().equals(checkpoint.root())
                    ? Optional.of(chosen)
                    : Optional.empty();
        }
        TilePath tile = edge.get(chosen.size());
        for (byte[] content : versions(Layout.tile(year, tile))) {
            if (content.length != tile.width() * Hash.LENGTH || choices++ > MOST_CHOICES) {
                continue;
            }
            List<Hash> grown = new ArrayList<>(nodes);
            for (int first = 0, count = TilePath.WIDTH / 2; count > 0; count /= 2) {
                if ((tile.width() & count) != 0) {
                    grown.add(TileHashes.subtree(content, first, count));
                    first += count;
                }
            }
            List<byte[]> longer = new ArrayList<>(chosen);
            longer.add(content);
            Optional<List<byte[]>> found = edge(edge, longer, grown);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private List<byte[]> versions(String key) throws EvidenceException {
        List<byte[]> contents = new ArrayList<>();
        for (Bucket.Version version : bucket.versionsOf(key)) {
            contents.add(bucket.get(version).content());
        }
        if (contents.isEmpty()) {
            throw new EvidenceException(bucket.name() + " has no " + key);
        }
        return contents;
    }

    /** Everything below a tile whose hashes are proven. */
    private void below(TilePath tile, byte[] hashes) throws EvidenceException, LogException {
        for (int i = 0; i < tile.width(); i++) {
            Hash expected = Hash.of(hashes, i * Hash.LENGTH);
            TilePath lower = TilePath.full(tile.level() - 1, tile.index() * TilePath.WIDTH + i);
            byte[] content = find(
                    lower,
                    one -> one.length == TilePath.WIDTH * Hash.LENGTH
                            && TileHashes.subtree(one, 0, TilePath.WIDTH).equals(expected));
            if (lower.level() == 0) {
                bundle(TilePath.entries(lower.index(), TilePath.WIDTH), content);
            } else {
                below(lower, content);
            }
        }
    }

    private void bundle(TilePath path, byte[] leaves) throws EvidenceException, LogException {
        sink.bundle(EntryBundle.decode(find(path, one -> isOf(leaves, one))));
    }

    private boolean isOf(byte[] leaves, byte[] bundle) {
        try {
            List<byte[]> entries = EntryBundle.decode(bundle);
            if (entries.size() * Hash.LENGTH != leaves.length) {
                return false;
            }
            for (int i = 0; i < entries.size(); i++) {
                if (!hasher.leaf(entries.get(i)).equals(Hash.of(leaves, i * Hash.LENGTH))) {
                    return false;
                }
            }
            return true;
        } catch (LogException e) {
            return false;
        }
    }

    private byte[] find(TilePath path, Predicate<byte[]> right) throws EvidenceException {
        String key = Layout.tile(year, path);
        Optional<Bucket.Stored> newest = bucket.newest(key);
        if (newest.isPresent() && right.test(newest.get().content())) {
            return newest.get().content();
        }
        List<Bucket.Version> all = bucket.versionsOf(key);
        for (Bucket.Version version : all) {
            byte[] content = bucket.get(version).content();
            if (right.test(content)) {
                return content;
            }
        }
        throw new EvidenceException(bucket.name() + ": " + key
                + (all.isEmpty()
                        ? " is missing"
                        : " is not what was sealed, in none of its " + all.size() + " versions"));
    }
}
