package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The built source tree that the parts are started from.
 *
 * @param root its folder
 * @param java the {@code java} that runs the parts
 */
public record Checkout(Path root, Path java) {
    /** Our own module. */
    public static final String LAUNCHER = "launcher";

    private static final String VERSION = "0.1.0";

    /** The checkout that the start script named, run by the Java that runs us. */
    public static Checkout current() {
        return new Checkout(
                Path.of(System.getProperty("keyproof.checkout", "")).toAbsolutePath(),
                Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    /** A file or folder in it. */
    public Path path(String relative) {
        return root.resolve(relative);
    }

    /**
     * The class path of a module: its jar and what it needs at run time.
     *
     * @throws LauncherException if the module has not been built
     */
    public String classPath(String module) throws LauncherException {
        Path folder = root.resolve(module);
        Path jar = folder.resolve("target").resolve(folder.getFileName() + "-" + VERSION + ".jar");
        if (module.equals(LAUNCHER)) {
            // Our own tests run before our jar is made.
            return folder.resolve("target/classes") + ":" + dependencies(module);
        }
        if (Files.notExists(jar)) {
            throw new LauncherException(module + " is not built: run 'mvn package -DskipTests'");
        }
        return jar + ":" + dependencies(module);
    }

    /**
     * What a module needs at run time.
     *
     * @throws LauncherException if the module has not been built
     */
    public String dependencies(String module) throws LauncherException {
        Path file = root.resolve(module).resolve("target/runtime.classpath");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new LauncherException(module + " is not built (no " + file + "): run 'mvn package -DskipTests'", e);
        }
    }
}
