package dev.keyproof.launcher.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Finds, at the end of a log, the line that says why a process gave up. */
public final class LogTail {
    private static final int BYTES = 64 * 1024;
    private static final int WIDTH = 300;
    private static final Pattern FRAME = Pattern.compile("^(at |\\.\\.\\. \\d+ (more|common)).*");
    private static final Pattern CAUSE = Pattern.compile("^Caused by: .*");
    private static final Pattern TELLING = Pattern.compile(
            "(?i).*(\\berror\\b|\\bfatal\\b|exception|cannot |could not|refused|failed|invalid|unknown key).*");

    private LogTail() {}

    /** The line of the file that says why, or that there is none. */
    public static String reasonIn(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - BYTES));
            byte[] end = new byte[(int) Math.min(BYTES, file.length())];
            file.readFully(end);
            return reason(new String(end, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return "no log at " + log;
        }
    }

    /** The innermost cause of the last stack trace, else the last line that speaks of a fault, else the last line at all. */
    public static String reason(String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        List<String> spoken =
                lines.stream().filter(line -> !FRAME.matcher(line).matches()).toList();
        if (spoken.isEmpty()) {
            return "it printed nothing";
        }
        String last = spoken.getLast();
        String chosen = spoken.reversed().stream()
                .filter(line -> CAUSE.matcher(line).matches())
                .findFirst()
                .or(() -> spoken.reversed().stream()
                        .filter(line -> TELLING.matcher(line).matches())
                        .findFirst())
                .orElse(last);
        return chosen.length() <= WIDTH ? chosen : chosen.substring(0, WIDTH) + "...";
    }
}
