package dev.keyproof.launcher.parts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a part's Java machine is started so that many of them fit on one small computer. */
final class JavaFlags {
    private JavaFlags() {}

    /**
     * The command up to the main class.
     *
     * @param heapMib largest heap
     */
    static List<String> java(Path java, int heapMib, List<String> more, String classPath) {
        List<String> words = new ArrayList<>(List.of(
                java.toString(),
                "-Xms16m",
                "-Xmx" + heapMib + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:ReservedCodeCacheSize=96m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xshare:auto",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC",
                "--enable-native-access=ALL-UNNAMED"));
        words.addAll(more);
        words.add("-cp");
        words.add(classPath);
        return words;
    }
}
