package dev.keyproof.launcher.process;

import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts processes that outlive us, and runs short ones to their end. */
public final class Spawner {
    /** The only variables of ours that a part sees: a secret in our environment is none of its business. */
    private static final List<String> PASSED = List.of("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME", "USER");

    /**
     * Starts a process in a session of its own, so that Ctrl-C at our terminal does not reach it. Its output goes to {@code log};
     * what was there is kept as {@code log.1}.
     *
     * @throws LauncherException if it cannot be started
     */
    public ProcessId start(Command command, Path log) throws LauncherException {
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(command.words());
        try {
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Process process = builder(words, command)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return ProcessId.of(process.pid())
                    .orElseThrow(() -> new LauncherException(
                            command.words().getFirst() + " ended at once; its output is in " + log));
        } catch (IOException e) {
            throw LauncherException.because("cannot start " + command.words().getFirst(), e);
        }
    }

    /**
     * Runs a program to its end.
     *
     * @param input what it reads, for instance a secret that must not stand on its command line
     * @return what it printed, standard error included
     * @throws LauncherException if it cannot be started, takes longer than {@code limit} or ends with another code than 0; the
     *     line quotes the last line it printed
     */
    public String run(Command command, String input, Duration limit) throws LauncherException {
        String name = Path.of(command.words().getFirst()).getFileName().toString();
        try {
            Path output = Files.createTempFile("keyproof-", ".out");
            Path given = Files.createTempFile("keyproof-", ".in");
            try {
                Files.writeString(given, input);
                Process process = builder(command.words(), command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(given.toFile())
                        .start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new LauncherException(name + " took longer than " + limit.toSeconds() + " s");
                }
                String printed = Files.readString(output);
                if (process.exitValue() != 0) {
                    throw new LauncherException(name + " failed: " + LogTail.reason(printed));
                }
                return printed;
            } finally {
                Files.deleteIfExists(given);
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw LauncherException.because("cannot run " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while " + name + " ran", e);
        }
    }

    private static ProcessBuilder builder(List<String> words, Command command) {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(command.folder().toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(PASSED);
        environment.putAll(command.environment());
        return builder;
    }
}
