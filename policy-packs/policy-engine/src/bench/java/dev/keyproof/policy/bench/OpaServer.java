package dev.keyproof.policy.bench;

import dev.keyproof.policy.PolicyBundle;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code opa run --server} with a bundle's source on a free loopback port, asked over one connection that stays open. */
final class OpaServer implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private OpaServer(Path folder, Process process, Socket socket) throws IOException {
        this.folder = folder;
        this.process = process;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static OpaServer start(PolicyBundle bundle) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("policy-bench");
        Path archive = Files.write(folder.resolve("bundle.tar.gz"), bundle.bytes());
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString())
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar cannot unpack the bundle");
        }
        int port = freePort();
        String opa = Optional.ofNullable(System.getenv("KEYPROOF_OPA")).orElse("opa");
        Process process = new ProcessBuilder(
                        opa,
                        "run",
                        "--server",
                        "--addr",
                        "127.0.0.1:" + port,
                        "--disable-telemetry",
                        "--log-level",
                        "error",
                        "data.json",
                        "authz",
                        "lib",
                        "rules")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        for (int attempt = 0; attempt < 200 && process.isAlive(); attempt++) {
            try {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                return new OpaServer(folder, process, socket);
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        process.destroyForcibly();
        throw new IOException("opa run --server did not start: " + Files.readString(folder.resolve("log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** One POST and its answer's body. */
    byte[] ask(String path, byte[] body) {
        try {
            String head = "POST " + path
                    + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                    + "\r\n\r\n";
            byte[] start = head.getBytes(StandardCharsets.US_ASCII);
            byte[] request = new byte[start.length + body.length];
            System.arraycopy(start, 0, request, 0, start.length);
            System.arraycopy(body, 0, request, start.length, body.length);
            out.write(request);
            out.flush();
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring(header.indexOf(':') + 1).strip());
                }
            }
            if (!status.contains(" 200 ") || length < 0) {
                throw new IOException("opa answered " + status);
            }
            return in.readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("opa closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
