package dev.keyproof.evidence.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * Servers that somebody else wrote, run here to be talked to. One that is not installed fails the test that wants it; how many of those
 * known were run is printed.
 */
public final class Peers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<String> KNOWN = Set.of("versitygw 1.8.0", "moto 5.2.5");
    private static final Set<String> RUN = new TreeSet<>();

    private Peers() {}

    /** The line that says which were run in this process. */
    public static String run() {
        return "peers run: " + RUN.size() + " of " + KNOWN.size() + ": " + String.join(", ", RUN);
    }

    /** A server on a loopback port. */
    public static final class Server implements AutoCloseable {
        private final String name;
        private final List<String> words;
        private final Map<String, String> environment;
        private final Path folder;
        private final int port;
        private Process process;

        private Server(String name, List<String> words, Map<String, String> environment, Path folder, int port) {
            this.name = name;
            this.words = List.copyOf(words);
            this.environment = Map.copyOf(environment);
            this.folder = folder;
            this.port = port;
            this.process = spawn();
        }

        /** Where it listens. */
        public URI endpoint() {
            return URI.create("http://127.0.0.1:" + port);
        }

        /** Kills it. */
        public void kill() {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Starts it again on its port and its data. */
        public void restart() {
            process = spawn();
        }

        private Process spawn() {
            try {
                ProcessBuilder builder = new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                folder.resolve("out").toFile()));
                builder.environment().putAll(environment);
                Process started = builder.start();
                Instant end = Instant.now().plus(PATIENCE);
                while (!listens(InetAddress.getLoopbackAddress())) {
                    if (!started.isAlive() || Instant.now().isAfter(end)) {
                        started.destroyForcibly();
                        throw new AssertionError(name + " did not start: " + Files.readString(folder.resolve("out")));
                    }
                    started.waitFor(50, TimeUnit.MILLISECONDS);
                }
                requireLoopbackOnly(started);
                RUN.add(name);
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private void requireLoopbackOnly(Process started) throws IOException {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(one.getInetAddresses())) {
                    if (!address.isLoopbackAddress() && listens(address)) {
                        started.destroyForcibly();
                        throw new AssertionError(name + " listens on " + address + ", not on loopback alone");
                    }
                }
            }
        }

        private boolean listens(InetAddress address) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 500);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** A client of its root user. */
        public S3Client client() {
            return S3Client.builder()
                    .region(Region.US_EAST_1)
                    .endpointOverride(endpoint())
                    .forcePathStyle(true)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("root", SECRET)))
                    .httpClientBuilder(UrlConnectionHttpClient.builder())
                    .build();
        }

        /** Makes a bucket. */
        public void bucket(String bucket, boolean locking) {
            try (S3Client s3 = client()) {
                s3.createBucket(request -> request.bucket(bucket).objectLockEnabledForBucket(locking));
                s3.putBucketVersioning(request -> request.bucket(bucket)
                        .versioningConfiguration(to -> to.status(BucketVersioningStatus.ENABLED)));
            }
        }

        /** A file with the root user's credentials. */
        public Path credentials() {
            try {
                return Files.writeString(
                        folder.resolve("credentials"),
                        "[default]\naws_access_key_id = root\naws_secret_access_key = " + SECRET + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            kill();
        }
    }

    private static final String SECRET = "of-this-test-alone";

    /** An S3 server that enforces Object Lock. */
    public static Server versitygw(Path dir) throws IOException {
        List<String> folders = new ArrayList<>();
        for (String name : List.of("iam", "versions", "data")) {
            folders.add(
                    Files.createDirectories(dir.resolve(name)).toAbsolutePath().toString());
        }
        int port = freePort();
        return new Server(
                "versitygw 1.8.0",
                List.of(
                        versitygw().toString(),
                        "--port",
                        "127.0.0.1:" + port,
                        "--iam-dir",
                        folders.get(0),
                        "posix",
                        "--versioning-dir",
                        folders.get(1),
                        folders.get(2)),
                Map.of("ROOT_ACCESS_KEY", "root", "ROOT_SECRET_KEY", SECRET),
                dir,
                port);
    }

    private static Path versitygw() {
        Stream<Path> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder).resolve("versitygw"));
        return Stream.concat(path, Stream.of(cache().resolve("bin/versitygw")))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("versitygw is missing; './keyproof test' installs it, or:"
                        + " GOBIN=" + cache().resolve("bin")
                        + " go install github.com/versity/versitygw/cmd/versitygw@v1.8.0"));
    }

    /** An emulator of S3 that lets a lock in compliance mode be shortened and lifted. */
    public static Server moto(Path dir) throws IOException {
        Path packages = cache().resolve("moto-5.2.5");
        if (!Files.isDirectory(packages.resolve("moto"))) {
            throw new AssertionError(
                    "moto is missing; './keyproof test' installs it, or: python3 -m pip install --target " + packages
                            + " 'moto[server]==5.2.5'");
        }
        Files.createDirectories(dir);
        int port = freePort();
        return new Server(
                "moto 5.2.5",
                List.of("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port)),
                Map.of("PYTHONPATH", packages.toString()),
                dir,
                port);
    }

    /** Where tools lie that {@code ./keyproof test} builds. */
    static Path tools() {
        return cache().resolve("bin");
    }

    private static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        return (xdg == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg)).resolve("keyproof");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
