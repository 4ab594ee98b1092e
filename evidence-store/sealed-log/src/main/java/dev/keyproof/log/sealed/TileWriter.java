package dev.keyproof.log.sealed;

import dev.keyproof.log.LogException;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Writes tiles and bundles below a folder; what is there already, and right, is left alone. */
final class TileWriter implements TileSink {
    private final Path dir;
    /** Full tiles and bundles written since the last {@link #force()}. */
    private final List<Path> unforced = new ArrayList<>();
    /** Folders of partial tiles that now have a full one. */
    private final List<Path> superseded = new ArrayList<>();

    TileWriter(Path dir) {
        this.dir = dir;
    }

    @Override
    public void put(TilePath path, byte[] content, int length) throws LogException {
        Path file = dir.resolve(path.path());
        if (!path.isPartial()) {
            supersede(file.resolveSibling(file.getFileName() + ".p"));
        }
        try {
            if (isThere(file, content, length)) {
                return;
            }
            Files.createDirectories(file.resolveSibling("."));
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write(content, 0, length);
            }
        } catch (IOException e) {
            throw new LogException("cannot write " + file, e);
        }
        if (!path.isPartial()) {
            unforced.add(file);
        }
    }

    private void supersede(Path partials) {
        if (Files.exists(partials)) {
            superseded.add(partials);
        }
    }

    private static boolean isThere(Path file, byte[] content, int length) throws IOException {
        if (!Files.exists(file) || Files.size(file) != length) {
            return false;
        }
        return Arrays.equals(Files.readAllBytes(file), 0, length, content, 0, length);
    }

    /** Puts full tiles on disk for good; what is younger is made again when the log is opened. */
    void force() throws LogException {
        try {
            for (Path file : unforced) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
            unforced.clear();
        } catch (IOException e) {
            throw new LogException("cannot force the tiles in " + dir, e);
        }
    }

    /** Removes partial tiles whose full one is published. */
    void removeSuperseded() throws LogException {
        try {
            for (Path folder : superseded) {
                delete(folder);
            }
            superseded.clear();
        } catch (IOException e) {
            throw new LogException("cannot remove partial tiles in " + dir, e);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.toList().reversed();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
