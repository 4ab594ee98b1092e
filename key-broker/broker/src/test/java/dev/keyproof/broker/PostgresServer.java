package dev.keyproof.broker;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A running PostgreSQL and what may happen to it: it hangs, dies, comes back, comes back as it was before. */
final class PostgresServer {
    private final Path data;
    private final int port;
    private final List<String> command = new ArrayList<>();

    PostgresServer(Path data, int port) {
        this.data = data;
        this.port = port;
        ProcessHandle.Info info = postmaster().orElseThrow().info();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL refuses root, and is content with a name space in which nobody is.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(info.command().orElseThrow());
        command.addAll(List.of(info.arguments().orElseThrow()));
    }

    private Optional<ProcessHandle> postmaster() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The server keeps its connections and answers nothing. */
    void hang() throws Exception {
        ProcessHandle postmaster = postmaster().orElseThrow();
        // First the one that has others born.
        signal("STOP", List.of(postmaster));
        signal("STOP", postmaster.descendants().toList());
    }

    void goOn() throws Exception {
        ProcessHandle postmaster = postmaster().orElseThrow();
        signal("CONT", postmaster.descendants().toList());
        signal("CONT", List.of(postmaster));
    }

    void kill() throws Exception {
        ProcessHandle postmaster = postmaster().orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        signal("STOP", List.of(postmaster));
        signal("KILL", all);
        await().until(() -> all.stream().noneMatch(PostgresServer::lives));
    }

    /** Ends its connections and stops. */
    void stop() throws Exception {
        ProcessHandle postmaster = postmaster().orElseThrow();
        signal("INT", List.of(postmaster));
        await().atMost(Duration.ofSeconds(30)).until(() -> !lives(postmaster));
    }

    private static boolean lives(ProcessHandle process) {
        // One that died and that nobody has waited for is a zombie, which has no command line.
        return process.isAlive() && process.info().commandLine().isPresent();
    }

    void start() throws Exception {
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("postgres.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Copies the folder of the stopped server. */
    void copyTo(Path folder) throws IOException {
        copy(data, folder);
    }

    /** Puts a copy in the place of the stopped server's folder, which goes there. */
    void exchange(Path other) throws IOException {
        Path aside = data.resolveSibling("postgres.aside");
        Files.move(data, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.move(other, data, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, other, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        if (processes.isEmpty()) {
            return;
        }
        List<String> kill = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> kill.add(Long.toString(process.pid())));
        Process process = new ProcessBuilder(kill).redirectErrorStream(true).start();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("kill does not end");
        }
    }
}
