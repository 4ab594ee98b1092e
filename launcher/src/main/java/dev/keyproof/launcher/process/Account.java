package dev.keyproof.launcher.process;

import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The user that a server runs as. PostgreSQL and OpenSearch refuse to be root, so root runs each as an account without rights;
 * anybody else runs them as himself.
 */
public final class Account {
    private final Optional<String> name;

    private Account(Optional<String> name) {
        this.name = name;
    }

    /** The account of that name when we are root, otherwise our own. */
    public static Account unprivileged(String name) {
        return new Account(weAreRoot() ? Optional.of(name) : Optional.empty());
    }

    private static boolean weAreRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The command as that account runs it. */
    public Command run(Command command) {
        if (name.isEmpty()) {
            return command;
        }
        List<String> words = new ArrayList<>(List.of(
                "setpriv", "--reuid=" + name.get(), "--regid=" + group(), "--clear-groups", "--no-new-privs", "--"));
        words.addAll(command.words());
        return new Command(words, withHome(command), command.folder());
    }

    private Map<String, String> withHome(Command command) {
        Map<String, String> environment = new java.util.HashMap<>(command.environment());
        environment.putIfAbsent("HOME", command.folder().toString());
        return environment;
    }

    private String group() {
        return name.map(account -> account.equals("nobody") ? nobodyGroup() : account)
                .orElse("");
    }

    private static String nobodyGroup() {
        try (var lines = Files.lines(Path.of("/etc/group"))) {
            return lines.anyMatch(line -> line.startsWith("nogroup:")) ? "nogroup" : "nobody";
        } catch (IOException e) {
            return "nogroup";
        }
    }

    /**
     * Whether the account can reach the folder: each folder on the way lets it pass.
     *
     * @throws LauncherException if the way cannot be read
     */
    public boolean reaches(Path folder) throws LauncherException {
        if (name.isEmpty()) {
            return true;
        }
        try {
            for (Path step = folder.toRealPath(); step != null; step = step.getParent()) {
                if (!Files.getPosixFilePermissions(step).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw LauncherException.because("cannot look at " + folder, e);
        }
    }

    /**
     * Gives the folder and all in it to the account.
     *
     * @throws LauncherException if that fails
     */
    public void own(Path folder) throws LauncherException {
        if (name.isEmpty()) {
            return;
        }
        try {
            UserPrincipal owner =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name.get());
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                    return visitFile(dir, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    PosixFileAttributeView view =
                            Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                    if (!view.getOwner().equals(owner)) {
                        view.setOwner(owner);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw LauncherException.because("cannot give " + folder + " to the user " + name.get(), e);
        }
    }

    /** Permissions of a folder that only its owner may enter. */
    public static Set<PosixFilePermission> closed() {
        return Set.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    }
}
