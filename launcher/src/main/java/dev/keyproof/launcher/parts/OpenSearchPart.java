package dev.keyproof.launcher.parts;

import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.Account;
import dev.keyproof.launcher.process.Command;
import dev.keyproof.launcher.process.ServerFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** OpenSearch, one node on the loopback address, from the released distribution. It has no security plugin: see SECURITY.md. */
public final class OpenSearchPart implements Part {
    private static final String MODULE = "launcher/runtimes/opensearch";

    private final Home home;
    private final Checkout checkout;
    private final int port;
    private final int transportPort;
    private final int heapMib;
    private final Account account = Account.unprivileged("nobody");
    private final Http http = new Http();

    public OpenSearchPart(Home home, Checkout checkout, int port, int transportPort, int heapMib) {
        this.home = home;
        this.checkout = checkout;
        this.port = port;
        this.transportPort = transportPort;
        this.heapMib = heapMib;
    }

    @Override
    public String name() {
        return "opensearch";
    }

    @Override
    public String address() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public Map<String, Integer> ports() {
        return Map.of("opensearch", port, "opensearch-transport", transportPort);
    }

    @Override
    public Set<String> after() {
        return Set.of();
    }

    @Override
    public void prepare() throws LauncherException {
        Path folder = ServerFolder.make(home, "opensearch", account);
        Path server = folder.resolve("server");
        if (!account.reaches(checkout.java())) {
            throw new LauncherException("OpenSearch runs without rights and cannot use the JDK at " + checkout.java()
                    + ": install JDK 25 where everybody may read it and name it in KEYPROOF_JAVA_HOME");
        }
        try {
            if (Files.notExists(server)) {
                Path part = folder.resolve("server.part");
                unpack(distribution(), part);
                Files.move(part, server);
            }
            Files.createDirectories(folder.resolve("config"));
            Files.createDirectories(folder.resolve("data"));
            Files.createDirectories(folder.resolve("tmp"));
            Files.writeString(folder.resolve("config/opensearch.yml"), settings(folder));
            Files.writeString(folder.resolve("config/log4j2.properties"), LOGGING);
            account.own(folder);
        } catch (IOException e) {
            throw LauncherException.because("cannot prepare OpenSearch in " + folder, e);
        }
    }

    private Path distribution() throws LauncherException {
        return Arrays.stream(checkout.dependencies(MODULE).split(":"))
                .filter(path -> path.endsWith(".zip"))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new LauncherException(MODULE + " names no distribution: build it again"));
    }

    /** Unpacks the distribution without the folder that all of it lies in. */
    private static void unpack(Path zip, Path target) throws IOException {
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
                Path file = target.resolve(name).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("an archive entry leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Path parent = file.getParent();
                    if (parent != null) {
                        Files.createDirectories(parent);
                    }
                    Files.copy(entries, file);
                    if (name.startsWith("bin/")) {
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }

    /** The distribution's own start script runs three Java machines before the one that stays; its flags are given here instead. */
    @Override
    public Command command() throws LauncherException {
        Path folder = ServerFolder.make(home, "opensearch", account);
        Path server = folder.resolve("server");
        List<String> flags = List.of(
                "-XX:MaxDirectMemorySize=" + heapMib / 2 + "m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-XX:ErrorFile=" + folder.resolve("tmp/hs_err.log"),
                "-javaagent:" + server.resolve("agent/opensearch-agent.jar"),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Dopensearch.networkaddress.cache.ttl=60",
                "-Djava.awt.headless=true",
                "-Djna.nosys=true",
                "-Dio.netty.noUnsafe=true",
                "-Dio.netty.noKeySetOptimization=true",
                "-Dio.netty.recycler.maxCapacityPerThread=0",
                "-Dio.netty.allocator.numDirectArenas=0",
                "-Dlog4j.shutdownHookEnabled=false",
                "-Dlog4j2.disable.jmx=true",
                "-Djava.locale.providers=CLDR",
                "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
                "-Dopensearch.path.home=" + server,
                "-Dopensearch.path.conf=" + folder.resolve("config"),
                "-Dopensearch.distribution.type=zip",
                "-Dopensearch.bundled_jdk=false");
        List<String> words =
                new ArrayList<>(JavaFlags.java(checkout.java(), heapMib, flags, server.resolve("lib") + "/*"));
        words.add("org.opensearch.bootstrap.OpenSearch");
        return account.run(new Command(words, Map.of(), folder));
    }

    @Override
    public Health health() {
        return http.health(URI.create(address() + "/_cluster/health?filter_path=status,active_shards"));
    }

    @Override
    public Duration stopsWithin() {
        return Duration.ofSeconds(25);
    }

    private String settings(Path folder) {
        return """
                cluster.name: keyproof
                node.name: one
                discovery.type: single-node
                network.host: 127.0.0.1
                http.port: %d
                transport.port: %d
                path.data: %s
                path.logs: %s
                node.store.allow_mmap: false
                bootstrap.memory_lock: false
                action.auto_create_index: "keyproof-*"
                cluster.routing.allocation.disk.threshold_enabled: false
                """.formatted(port, transportPort, folder.resolve("data"), folder.resolve("tmp"));
    }

    private static final String LOGGING = """
            status = error
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = time=%d{ISO8601}{UTC}Z level=%p logger=%c{1} %m%n
            rootLogger.level = info
            rootLogger.appenderRef.out.ref = out
            """;
}
