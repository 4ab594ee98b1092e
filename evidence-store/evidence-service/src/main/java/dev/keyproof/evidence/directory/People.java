package dev.keyproof.evidence.directory;

import dev.keyproof.evidence.artifact.EncryptedFile;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The directory of names: what is known of a person behind an actor's id, each under a key of its own. The log holds ids only, so that
 * a person can be erased here and every proof stays whole. Thread-safe.
 */
public final class People {
    /** An id has at most so many bytes, for it is a file's name in hex. */
    private static final int LONGEST = 120;

    private final Path folder;
    private final EncryptedFile files;

    public People(Path folder, SealToken token) {
        this.folder = folder;
        this.files = new EncryptedFile(token, "keyproof/person/v1");
    }

    /** Keeps what is known of a person, in place of what was known before. On disk when this returns. */
    public synchronized void put(String id, byte[] person) throws EvidenceException {
        Path file = file(id);
        try {
            DurableFiles.write(file, files.whole(id, person));
        } catch (IOException e) {
            throw new EvidenceException(file + " could not be kept: " + e.getMessage(), e);
        }
    }

    /** What is known of a person; empty if nothing is, or not any more. */
    public synchronized Optional<byte[]> get(String id) throws EvidenceException {
        Path file = file(id);
        try {
            return Files.exists(file) ? Optional.of(files.open(Files.readAllBytes(file), id)) : Optional.empty();
        } catch (IOException e) {
            throw new EvidenceException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether anything is known of a person, readable or not. */
    public synchronized boolean has(String id) throws EvidenceException {
        return Files.exists(file(id));
    }

    /** Forgets a person. */
    synchronized void erase(String id) throws EvidenceException {
        Path file = file(id);
        try {
            EncryptedFile.eraseWhole(file);
        } catch (IOException e) {
            throw new EvidenceException("the person was not erased: " + e.getMessage(), e);
        }
    }

    private Path file(String id) throws EvidenceException {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST) {
            throw new EvidenceException("an actor's id has 1 to " + LONGEST + " bytes");
        }
        return folder.resolve(HexFormat.of().formatHex(bytes));
    }
}
