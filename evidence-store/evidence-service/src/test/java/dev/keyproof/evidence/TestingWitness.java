package dev.keyproof.evidence;

import static org.awaitility.Awaitility.await;

import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.witness.WitnessCommand;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** A real witness in a process of its own, which may be killed and started again at its address. */
final class TestingWitness implements AutoCloseable {
    private final Path dir;
    private final List<String> logs;
    private final String vkey;
    private Process process;
    private int port;
    private int starts;

    TestingWitness(Path dir, String name, List<NoteVerifier> logs) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.logs = logs.stream().map(NoteVerifier::vkey).toList();
        CommandLine key = new CommandLine(new WitnessCommand());
        StringWriter out = new StringWriter();
        key.setOut(new java.io.PrintWriter(out));
        if (key.execute("key", "--key", dir.resolve("key").toString(), "--name", name) != 0) {
            throw new AssertionError("no key was made");
        }
        vkey = out.toString().strip();
        process = start();
    }

    private Process start() throws IOException {
        Path out = dir.resolve("out-" + starts++);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                WitnessCommand.class.getName(),
                "--key",
                dir.resolve("key").toString(),
                "--state",
                dir.resolve("state").toString(),
                "--port",
                Integer.toString(port)));
        logs.forEach(log -> command.addAll(List.of("--log", log)));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(out).contains("/add-checkpoint\n") || !started.isAlive());
        String text = Files.readString(out);
        port = URI.create(text.substring(text.indexOf("http://"), text.indexOf("/add-checkpoint")))
                .getPort();
        return started;
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void restart() throws Exception {
        kill();
        process = start();
    }

    /** Its entry in the configuration. */
    String yaml() {
        return "{url: \"http://127.0.0.1:" + port + "\", vkey: \"" + vkey + "\"}";
    }

    NoteVerifier verifier() throws Exception {
        return NoteVerifier.parse(vkey);
    }

    @Override
    public void close() {
        kill();
    }
}
