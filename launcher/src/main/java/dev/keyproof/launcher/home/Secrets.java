package dev.keyproof.launcher.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Function;

/** Secrets that the launcher makes for the parts: one file each, readable by its owner alone, made once. */
public final class Secrets {
    private final Path folder;
    private final SecureRandom random;

    public Secrets(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /** Where the secret of that name lies. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /**
     * The file of that secret, made with 24 random bytes in hex when there is none.
     *
     * @throws LauncherException if it cannot be written
     */
    public Path ensure(String name) throws LauncherException {
        return ensure(name, HexFormat.of()::formatHex);
    }

    /**
     * The file of that secret, made of 24 random bytes in that form when there is none.
     *
     * @throws LauncherException if it cannot be written
     */
    public Path ensure(String name, Function<byte[], String> form) throws LauncherException {
        Path file = file(name);
        if (Files.notExists(file)) {
            byte[] bytes = new byte[24];
            random.nextBytes(bytes);
            try {
                writePrivate(file, form.apply(bytes));
            } catch (IOException e) {
                throw LauncherException.because("cannot write the secret " + file, e);
            }
        }
        return file;
    }

    /**
     * The secret of that name, made when there is none.
     *
     * @throws LauncherException if it cannot be read or written
     */
    public String value(String name) throws LauncherException {
        Path file = ensure(name);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw LauncherException.because("cannot read the secret " + file, e);
        }
    }

    /** Writes a file that only its owner may read, whole or not at all. */
    public static void writePrivate(Path file, String text) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("no folder for " + file);
        }
        Path part = Files.createTempFile(
                parent,
                ".",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(part, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.TRUNCATE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }
}
