package dev.keyproof.evidence.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** OpenSearch as it is released, one node on loopback. As root it is started as nobody, for it refuses root. */
public final class TestingOpenSearch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    /** Starts it and waits until it answers. */
    public TestingOpenSearch() throws Exception {
        folder = Files.createTempDirectory("opensearch");
        try (InputStream in = Files.newInputStream(Path.of(Objects.requireNonNull(
                System.getProperty("keyproof.opensearch"), "the build names the distribution of OpenSearch")))) {
            unpack(in, folder.resolve("server"));
        }
        for (String name : List.of("config", "data", "tmp")) {
            Files.createDirectories(folder.resolve(name));
        }
        port = free();
        Files.writeString(folder.resolve("config/opensearch.yml"), """
                discovery.type: single-node
                network.host: 127.0.0.1
                http.port: %d
                transport.port: %d
                path.data: %s
                path.logs: %s
                node.store.allow_mmap: false
                cluster.routing.allocation.disk.threshold_enabled: false
                """.formatted(
                        port, free(), folder.resolve("data"), folder.resolve("tmp")));
        Files.writeString(folder.resolve("config/log4j2.properties"), """
                status = error
                appender.out.type = Console
                appender.out.name = out
                appender.out.layout.type = PatternLayout
                appender.out.layout.pattern = %p %c{1} %m%n
                rootLogger.level = warn
                rootLogger.appenderRef.out.ref = out
                """);
        if (isRoot()) {
            run("chown", "-R", "nobody:nogroup", folder.toString());
        }
        process = start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Stops it; what it holds stays. */
    public void stop() {
        process.destroyForcibly().onExit().join();
    }

    public void startAgain() throws Exception {
        process = start();
    }

    /** Sends a request of its REST interface. */
    public String send(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(url().resolve(path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() > 201) {
            throw new AssertionError(method + " " + path + ": " + answer.body());
        }
        return answer.body();
    }

    private Process start() throws Exception {
        Path server = folder.resolve("server");
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(
                    List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs", "--"));
        }
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-javaagent:" + server.resolve("agent/opensearch-agent.jar"),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Djna.nosys=true",
                "-Dio.netty.noUnsafe=true",
                "-Dopensearch.path.home=" + server,
                "-Dopensearch.path.conf=" + folder.resolve("config"),
                "-Dopensearch.distribution.type=zip",
                "-Dopensearch.bundled_jdk=false",
                "-cp",
                server.resolve("lib") + "/*",
                "org.opensearch.bootstrap.OpenSearch"));
        Process started = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
                .start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && started.isAlive()) {
            try {
                if (send("GET", "/_cluster/health?wait_for_status=yellow&timeout=5s", "")
                        .contains("cluster_name")) {
                    return started;
                }
            } catch (IOException | AssertionError e) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        started.destroyForcibly();
        throw new AssertionError("OpenSearch did not start: " + Files.readString(folder.resolve("out")));
    }

    private static void unpack(InputStream in, Path target) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = target.resolve(
                                entry.getName().substring(entry.getName().indexOf('/') + 1))
                        .normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("an archive entry leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file);
                }
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void run(String... words) throws Exception {
        if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
            throw new AssertionError(String.join(" ", words));
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
