package dev.keyproof.witness;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last head that each log showed, one file for each origin, on disk before anybody is told. One process for each folder. The name
 * of a file is the SHA-256 of its origin in hex; its content is the log's own signed note.
 */
final class SeenHeads implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lock;

    private SeenHeads(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes the folder, made if it is not there.
     *
     * @throws WitnessException if another process has it, or it cannot be used
     */
    static SeenHeads open(Path folder) throws WitnessException {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new WitnessException("another witness uses " + folder + ": stop it, or name another folder");
            }
            return new SeenHeads(folder, channel);
        } catch (IOException e) {
            throw new WitnessException("the folder " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * The last head of a log; empty if it never showed one.
     *
     * @throws WitnessException if what is there cannot be read: then nothing may be cosigned
     */
    Optional<SignedHead> last(String origin) throws WitnessException {
        Path file = file(origin, ".checkpoint");
        try {
            SignedHead head = SignedHead.parse(Files.readString(file));
            if (!head.checkpoint().origin().equals(origin)) {
                throw new WitnessException(file + " is of " + head.checkpoint().origin() + ": restore the folder");
            }
            return Optional.of(head);
        } catch (NoSuchFileException e) {
            if (isMissing(file)) {
                return Optional.empty();
            }
            throw new WitnessException("the last head of " + origin + " cannot be read: restore " + file, e);
        } catch (IOException | NoteException e) {
            throw new WitnessException("the last head of " + origin + " cannot be read: restore " + file, e);
        }
    }

    /** True if the folder is the one that was taken and has nothing under that name, not even a link that leads nowhere. */
    private boolean isMissing(Path file) {
        return Files.exists(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)
                && Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Remembers a head; it is on disk when this returns. */
    void remember(SignedHead head) throws WitnessException {
        replace(file(head.checkpoint().origin(), ".checkpoint"), head);
    }

    /** Keeps a head that contradicts the last one, as the log signed it: it is the proof of the fork. */
    void keepContradiction(SignedHead head) throws WitnessException {
        Path file = file(head.checkpoint().origin(), ".contradiction");
        if (!Files.exists(file)) {
            // The first is proof enough, and nothing that comes later takes its place.
            replace(file, head);
        }
    }

    private static void replace(Path file, SignedHead head) throws WitnessException {
        try {
            Disk.replace(file, head.note().bytes());
        } catch (IOException e) {
            throw new WitnessException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private Path file(String origin, String suffix) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(digest) + suffix);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
