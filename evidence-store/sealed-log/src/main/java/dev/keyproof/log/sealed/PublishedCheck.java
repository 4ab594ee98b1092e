package dev.keyproof.log.sealed;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.EntryCursor;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares the derived files with what the entries make of them. */
final class PublishedCheck {
    /** Entries of one segment that were altered: the first, and how many. */
    private record Altered(long first, int count) {
        Altered and(Altered more) {
            return new Altered(first, count + more.count());
        }
    }

    private final Path dir;
    private final StoreLayout layout;
    private final Optional<SignedHead> head;
    private final Optional<SealedTiles> sealed;
    private final NavigableMap<Long, Altered> altered = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final TileTree tree = TileTree.empty(this::compare);

    PublishedCheck(Path dir, StoreLayout layout, Optional<SignedHead> head) {
        this.dir = dir;
        this.layout = layout;
        this.head = head;
        this.sealed = head.map(last -> new SealedTiles(new TileFolder(dir), last.checkpoint()));
    }

    private long signedSize() {
        return head.map(SignedHead::size).orElse(0L);
    }

    /** Each entry, in order. */
    void entry(EntryCursor cursor) throws LogException {
        if (tree.size() < signedSize()) {
            tree.add(cursor.array(), cursor.at(), cursor.length());
        }
    }

    private void compare(TilePath path, byte[] content, int length) {
        Path file = dir.resolve(path.path());
        try {
            byte[] there = Files.readAllBytes(file);
            int different = Arrays.mismatch(there, 0, there.length, content, 0, length);
            if (different >= 0 && !isSealed(path, there)) {
                faults.add(file + ": is not what the entries make of it, from byte " + different);
            } else if (different >= 0 && path.level() == 0) {
                altered(path, there, content);
            }
        } catch (IOException e) {
            faults.add(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** True if the file is as it was sealed, so that it is the entries that were altered. */
    private boolean isSealed(TilePath path, byte[] there) {
        if (sealed.isEmpty()) {
            return false;
        }
        if (!path.isEntries()) {
            return sealed.get().isSealed(path, there);
        }
        try {
            TreeHasher hasher = new TreeHasher();
            List<byte[]> entries = EntryBundle.decode(there);
            byte[] leaves = new byte[entries.size() * Hash.LENGTH];
            for (int i = 0; i < entries.size(); i++) {
                hasher.leaf(entries.get(i)).copyTo(leaves, i * Hash.LENGTH);
            }
            return sealed.get().isSealed(new TilePath(0, path.index(), path.width()), leaves);
        } catch (LogCorruptException e) {
            return false;
        }
    }

    private void altered(TilePath path, byte[] sealedLeaves, byte[] leaves) {
        for (int i = 0; i < path.width(); i++) {
            int at = i * Hash.LENGTH;
            if (!Arrays.equals(sealedLeaves, at, at + Hash.LENGTH, leaves, at, at + Hash.LENGTH)) {
                long index = path.index() * TilePath.WIDTH + i;
                altered.merge(StoreLayout.first(index), new Altered(index, 1), Altered::and);
            }
        }
    }

    /** The entries could not be read to their end; the tiles may know which of them is the first to be wrong. */
    private void unread() throws LogException {
        try (SealedEntries entries = new SealedEntries(layout, new TileFolder(dir))) {
            head.flatMap(entries::firstAltered).ifPresent(faults::add);
        }
    }

    private void reportAltered() {
        altered.values()
                .forEach(found -> faults.add(layout.segment(found.first()) + ": entry " + found.first()
                        + (found.count() > 1 ? " and " + (found.count() - 1) + " after it are" : " is")
                        + " not what was sealed"));
    }

    /** After the last entry. */
    List<String> finish() {
        try {
            if (tree.size() == signedSize()) {
                tree.edge();
            }
            if (tree.size() < signedSize()) {
                unread();
            }
            reportAltered();
            checkpoint();
            files();
        } catch (LogException e) {
            faults.add(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            faults.add(dir + ": " + e.getMessage());
        }
        return List.copyOf(faults);
    }

    private void checkpoint() throws IOException {
        Path file = dir.resolve("checkpoint");
        if (head.isEmpty()) {
            if (Files.exists(file)) {
                faults.add(file + ": no head was signed");
            }
        } else if (!Files.exists(file)
                || !Arrays.equals(Files.readAllBytes(file), head.get().note().bytes())) {
            faults.add(file + ": is not the last signed head");
        }
    }

    private void files() throws IOException {
        Path tiles = dir.resolve("tile");
        if (!Files.exists(tiles)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(tiles)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            file(file);
        }
    }

    private void file(Path file) {
        try {
            TilePath path = TilePath.parse(dir.relativize(file).toString());
            if (!belongs(path)) {
                faults.add(file + ": belongs to no published tree");
            } else if (path.isPartial()) {
                older(file, path);
            }
        } catch (IllegalArgumentException e) {
            faults.add(file + ": is no tile");
        }
    }

    private boolean belongs(TilePath path) {
        int level = Math.max(0, path.level());
        long hashes = level > 7 ? 0 : signedSize() >>> (TilePath.HEIGHT * level);
        return path.index() * TilePath.WIDTH + path.width() <= hashes;
    }

    /** A partial tile of an older checkpoint is the beginning of the one that was compared. */
    private void older(Path file, TilePath path) {
        try {
            TilePath whole = TilePath.in(path.level(), path.index(), signedSize());
            byte[] expected = TileFolder.beginning(Files.readAllBytes(dir.resolve(whole.path())), path);
            compare(path, expected, expected.length);
        } catch (LogException | IOException e) {
            faults.add(file + ": " + e.getMessage());
        }
    }
}
