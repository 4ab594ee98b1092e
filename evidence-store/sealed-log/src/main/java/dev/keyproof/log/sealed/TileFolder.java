package dev.keyproof.log.sealed;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.log.tile.TileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A published log in a folder, read as any C2SP client would: only {@code checkpoint} and {@code tile/...}. */
public final class TileFolder implements TileReader {
    private final Path dir;

    public TileFolder(Path dir) {
        this.dir = dir;
    }

    /**
     * The published checkpoint; its signatures are not checked here.
     *
     * @throws LogException if there is none or it is malformed
     */
    public SignedHead checkpoint() throws LogException {
        try {
            return SignedHead.parse(Files.readString(dir.resolve("checkpoint")));
        } catch (NoteException e) {
            throw new LogCorruptException(dir.resolve("checkpoint") + " is not a checkpoint: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new LogException("cannot read " + dir.resolve("checkpoint"), e);
        }
    }

    @Override
    public byte[] read(TilePath path) throws LogException {
        Path full = dir.resolve(TilePath.full(path.level(), path.index()).path());
        try {
            if (!path.isPartial()) {
                return Files.readAllBytes(full);
            }
            Path partial = dir.resolve(path.path());
            if (Files.exists(partial)) {
                return Files.readAllBytes(partial);
            }
            // A partial tile may be gone once a wider one is there, whose beginning it is.
            return beginning(Files.readAllBytes(wider(full, path)), path);
        } catch (IOException e) {
            throw new LogException("cannot read " + path.path() + " in " + dir, e);
        }
    }

    private static Path wider(Path full, TilePath path) throws IOException {
        if (Files.exists(full)) {
            return full;
        }
        for (int width = path.width() + 1; width < TilePath.WIDTH; width++) {
            Path partial = full.resolveSibling(full.getFileName() + ".p").resolve(Integer.toString(width));
            if (Files.exists(partial)) {
                return partial;
            }
        }
        return full;
    }

    static byte[] beginning(byte[] full, TilePath path) throws LogException {
        return path.isEntries() ? firstEntries(full, path) : firstHashes(full, path);
    }

    private static byte[] firstHashes(byte[] full, TilePath path) throws LogException {
        return first(full, path.width() * Hash.LENGTH, path);
    }

    private static byte[] firstEntries(byte[] full, TilePath path) throws LogException {
        int end = 0;
        for (int i = 0; i < path.width(); i++) {
            if (end + 2 > full.length) {
                throw new LogCorruptException(path.path() + " ends early");
            }
            end += 2 + ((full[end] & 0xff) << 8 | (full[end + 1] & 0xff));
        }
        return first(full, end, path);
    }

    private static byte[] first(byte[] full, int length, TilePath path) throws LogException {
        if (length > full.length) {
            throw new LogCorruptException(path.path() + " ends early");
        }
        return Arrays.copyOf(full, length);
    }
}
