package dev.keyproof.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A broker as a process of its own, and a client that calls it. */
public final class BrokerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path log;
    private final URI base;
    private final HttpClient http;

    private BrokerProcess(Process process, Path log, URI base, @Nullable SSLContext tls) {
        this.process = process;
        this.log = log;
        this.base = base;
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5));
        this.http = tls == null ? client.build() : client.sslContext(tls).build();
    }

    /** The same broker as another client calls it. */
    BrokerProcess as(SSLContext tls) {
        return new BrokerProcess(process, log, base, tls);
    }

    /** The same broker, or whichever a balancer there chooses, as a client of its own calls it. */
    BrokerProcess via(URI address) {
        return new BrokerProcess(process, log, address, null);
    }

    /** What a call was answered with. */
    public record Reply(int status, JsonNode body, Optional<String> record, String type, HttpHeaders headers) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public String problem() {
            return body.path("type").asText().replace("urn:keyproof:problem:", "");
        }
    }

    static BrokerProcess start(TestHome home, int port) throws IOException {
        Path log = Files.createTempFile(home.root(), "broker", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(1, home.jvm());
        command.add(BrokerApplication.class.getName());
        command.add("--spring.config.location=file:" + home.config(port));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(home.environment());
        SSLContext tls = home.tls();
        URI base = URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port);
        return new BrokerProcess(builder.start(), log, base, tls);
    }

    long pid() {
        return process.pid();
    }

    BrokerProcess awaitReady() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the broker ended: " + output());
            }
            try {
                if (call("GET", "/readyz", null, null).status() == 200) {
                    return this;
                }
            } catch (IOException e) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        close();
        throw new IllegalStateException("the broker is not ready: " + output());
    }

    public URI base() {
        return base;
    }

    /** Exit code, once it has ended by itself. */
    int awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the broker does not end: " + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public Reply get(String path, @Nullable String token) throws Exception {
        return call("GET", path, token, null);
    }

    /** Posts JSON in which single quotes stand for double ones. */
    public Reply post(String path, String token, String body) throws Exception {
        return call("POST", path, token, body.replace('\'', '"'));
    }

    Reply call(String method, String path, @Nullable String token, @Nullable String body)
            throws IOException, InterruptedException {
        return call(method, path, token, body, Map.of());
    }

    Reply call(String method, String path, @Nullable String token, @Nullable String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        request.header("Keyproof-Run", "test-run");
        headers.forEach(request::header);
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Reply(
                response.statusCode(),
                read(response),
                response.headers().firstValue("Keyproof-Record"),
                response.headers().firstValue("Content-Type").orElse(""),
                response.headers());
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException, IOException {
        process.destroy();
        return awaitExit();
    }

    /** What is no JSON as a text. */
    private static JsonNode read(HttpResponse<byte[]> response) throws IOException {
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        return json
                ? JSON.readTree(response.body())
                : JSON.getNodeFactory().textNode(new String(response.body(), StandardCharsets.UTF_8));
    }

    /** SIGTERM, and SIGKILL if that is not enough. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
