package dev.keyproof.log.sealed;

import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.EntryCursor;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares the derived files with what the entries make of them. */
final class PublishedCheck {
    private final Path dir;
    private final Optional<SignedHead> head;
    private final List<String> faults = new ArrayList<>();
    private final TileTree tree = TileTree.empty(this::compare);

    PublishedCheck(Path dir, Optional<SignedHead> head) {
        this.dir = dir;
        this.head = head;
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
            if (different >= 0) {
                faults.add(file + ": is not what the entries make of it, from byte " + different);
            }
        } catch (IOException e) {
            faults.add(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** After the last entry. */
    List<String> finish() {
        try {
            if (tree.size() == signedSize()) {
                tree.edge();
            }
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
