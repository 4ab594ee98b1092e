package dev.keyproof.launcher.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The layout of an installation's folder.
 *
 * @param root the folder itself, absolute
 */
public record Home(Path root) {
    private static final Set<PosixFilePermission> ENTERABLE = PosixFilePermissions.fromString("rwx--x--x");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** The home at that path. */
    public static Home at(Path path) {
        return new Home(path.toAbsolutePath().normalize());
    }

    public Path configFile() {
        return root.resolve("config.yaml");
    }

    /** Whom the operator asks to witness the log, where there is anybody: the evidence service's section of that name. */
    public Path witnesses() {
        return root.resolve("witnesses.yaml");
    }

    /** The bucket to which the log is copied, where there is one: the evidence service's section of that name. */
    public Path remote() {
        return root.resolve("remote.yaml");
    }

    /** Passwords, PINs and tokens, one file each. */
    public Path secrets() {
        return root.resolve("secrets");
    }

    /** The token folders; one below it for each part that has a token of its own. */
    public Path tokens() {
        return root.resolve("tokens");
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path opensearch() {
        return root.resolve("opensearch");
    }

    public Path journal() {
        return root.resolve("journal");
    }

    public Path log() {
        return root.resolve("log");
    }

    public Path artifacts() {
        return root.resolve("artifacts");
    }

    public Path packs() {
        return root.resolve("packs");
    }

    public Path flink() {
        return root.resolve("flink");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** Pid files, the lock, rendered configuration. */
    public Path run() {
        return root.resolve("run");
    }

    /** The rendered configuration of the parts. */
    public Path partConfigs() {
        return run().resolve("config");
    }

    public Path demo() {
        return root.resolve("demo");
    }

    /** The folder that the collector watches for CloudTrail files. */
    public Path cloudTrail() {
        return root.resolve("cloudtrail");
    }

    /**
     * Makes the folders. The home can be entered but not listed by others, since PostgreSQL and OpenSearch run as other users
     * when we are root; what is ours alone is closed to them.
     *
     * @throws LauncherException if a folder cannot be made
     */
    public void create() throws LauncherException {
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, ENTERABLE);
            for (Path folder :
                    Set.of(secrets(), tokens(), kafka(), journal(), log(), artifacts(), packs(), flink(), logs())) {
                makePrivate(folder);
            }
            for (Path folder : Set.of(run(), partConfigs(), demo(), cloudTrail())) {
                makePrivate(folder);
            }
        } catch (IOException e) {
            throw LauncherException.because("cannot make the home " + root + " (give another folder by --home)", e);
        }
    }

    /** Makes a folder that only we may enter. */
    public static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PRIVATE);
    }
}
