package dev.keyproof.launcher.process;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a server that runs as another user. It lies in the home; where that user cannot enter the home, since a folder above
 * it is closed, it lies under {@code /var/lib/keyproof} and the home holds a link to it.
 */
public final class ServerFolder {
    private static final Path ELSEWHERE = Path.of("/var/lib/keyproof");

    private ServerFolder() {}

    /**
     * The folder, made and owned by the account.
     *
     * @throws LauncherException if it cannot be made
     */
    public static Path make(Home home, String name, Account account) throws LauncherException {
        Path inHome = home.root().resolve(name);
        try {
            if (Files.notExists(inHome)) {
                if (account.reaches(home.root())) {
                    Files.createDirectories(inHome);
                } else {
                    Path outside = elsewhere(home, name);
                    Files.createDirectories(outside);
                    Files.deleteIfExists(inHome);
                    Files.createSymbolicLink(inHome, outside);
                }
            }
            Path real = inHome.toRealPath();
            Files.setPosixFilePermissions(real, Account.closed());
            return real;
        } catch (IOException e) {
            throw LauncherException.because("cannot make the folder " + inHome, e);
        }
    }

    /**
     * Deletes the home and what it links to.
     *
     * @throws LauncherException if something stays
     */
    public static void purge(Home home) throws LauncherException {
        try {
            releaseLogs(home.log());
            deleteTree(ELSEWHERE.resolve(mark(home.root().toString())));
            deleteTree(home.root());
        } catch (IOException | LogException e) {
            throw LauncherException.because("cannot delete all of " + home.root(), e);
        }
    }

    /** Sealed segments may have been made immutable. */
    private static void releaseLogs(Path logs) throws IOException, LogException {
        if (Files.isDirectory(logs)) {
            try (Stream<Path> years = Files.list(logs)) {
                for (Path year : years.toList()) {
                    SealedLog.release(year);
                }
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException fault) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Path elsewhere(Home home, String name) {
        return ELSEWHERE.resolve(mark(home.root().toString())).resolve(name);
    }

    private static String mark(String path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
