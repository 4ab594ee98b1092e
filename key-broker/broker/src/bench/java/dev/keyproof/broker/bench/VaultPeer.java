package dev.keyproof.broker.bench;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The transit engine of Vault or OpenBao as a peer: keys and state in memory, a file audit device that is not forced to disk, no TLS, one
 * token. Its program is the one that KEYPROOF_VAULT names, else {@code vault} or {@code bao} on the PATH.
 */
final class VaultPeer implements AutoCloseable {
    static final String TOKEN = "bench-root";

    private final Process process;
    private final URI base;
    private final HttpClient http = HttpClient.newHttpClient();

    private VaultPeer(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    /** Starts it below a folder, or says why not. */
    static Optional<VaultPeer> start(Path dir) throws Exception {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            System.out.println(
                    "vault-transit: left out, KEYPROOF_VAULT is not set and there is no vault or bao on the PATH");
            return Optional.empty();
        }
        Path home = Files.createDirectories(dir.resolve("vault")).toAbsolutePath();
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        program.get().toString(),
                        "server",
                        "-dev",
                        "-dev-root-token-id=" + TOKEN,
                        "-dev-listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        // It leaves its token in the home folder.
        builder.environment().put("HOME", home.toString());
        VaultPeer peer = new VaultPeer(builder.start(), URI.create("http://127.0.0.1:" + port));
        try {
            peer.awaitReady();
            peer.post("/v1/sys/mounts/transit", "{\"type\":\"transit\"}");
            peer.post(
                    "/v1/sys/audit/file",
                    "{\"type\":\"file\",\"options\":{\"file_path\":\"" + home.resolve("audit.log") + "\"}}");
            peer.post("/v1/transit/keys/gcm", "{\"type\":\"aes256-gcm96\"}");
            peer.post("/v1/transit/keys/p256", "{\"type\":\"ecdsa-p256\"}");
            return Optional.of(peer);
        } catch (Exception e) {
            peer.close();
            throw e;
        }
    }

    private static Optional<Path> program() {
        String named = System.getenv("KEYPROOF_VAULT");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(Path.of(folder, "vault"), Path.of(folder, "bao")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    URI base() {
        return base;
    }

    private void awaitReady() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (send(HttpRequest.newBuilder(base.resolve("/v1/sys/health")).GET()) == 200) {
                    return;
                }
            } catch (IOException e) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        throw new IllegalStateException("vault does not start");
    }

    private void post(String path, String body) throws Exception {
        int status = send(HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        if (status / 100 != 2) {
            throw new IllegalStateException(path + " was answered " + status);
        }
    }

    private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static int freePort() throws IOException {
        // It takes the next one too.
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
