package dev.keyproof.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A Java process of a test's own, with the test's class path. */
public final class TestingProcess implements AutoCloseable {
    private final Process process;

    private TestingProcess(Process process) {
        this.process = process;
    }

    /** Starts a main class with its output in {@code log}. */
    public static TestingProcess start(Path log, List<String> jvm, String mainClass, String... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(jvm);
        command.addAll(
                List.of("-cp", System.getProperty("prepend", "") + System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(args));
        return new TestingProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /** The job in a process of its own. */
    public static TestingProcess job(Path settings, Path log, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("--config", settings.toString()));
        args.addAll(List.of(more));
        return start(log, List.of("-Xmx512m"), StreamJob.class.getName(), args.toArray(String[]::new));
    }

    /** A loopback port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until the job's health says all is read and committed, and returns it. */
    public static JsonNode awaitDrained(int port) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(
                        () -> health(port),
                        health -> health.path("status").asText().equals("UP")
                                && health.path("drained").asBoolean());
    }

    /** The answer of {@code /health}. */
    public static JsonNode health(int port) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return JsonMapper.builder().build().readTree(answer.body());
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** SIGTERM; returns the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still runs 10 s after SIGTERM");
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
