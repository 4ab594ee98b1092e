package dev.keyproof.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.Config;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Ports;
import dev.keyproof.launcher.home.Secrets;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.parts.Part;
import dev.keyproof.launcher.process.PortCheck;
import dev.keyproof.launcher.process.ProcessId;
import dev.keyproof.launcher.process.Stopper;
import dev.keyproof.launcher.run.House;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;

/** An installation in a folder and at ports of its own, driven by the commands an operator has. */
final class TestingHome implements AutoCloseable {
    private static final int FIRST_PORT = 21_000;
    private static final int LAST_PORT = 29_000;

    private final Path root;
    private final int portBase;
    private final ObjectMapper mapper = new ObjectMapper();

    TestingHome() throws IOException {
        // Not below a folder that is closed to others: two of the servers run as other users.
        this.root = Files.createTempDirectory("keyproof-test-");
        this.portBase = freePorts();
    }

    private static int freePorts() {
        int start = new SecureRandom().nextInt(FIRST_PORT, LAST_PORT);
        return IntStream.iterate(start, base -> base < 32_000, base -> base + Ports.COUNT)
                .filter(base -> IntStream.range(base, base + Ports.COUNT).allMatch(PortCheck::free))
                .findFirst()
                .orElseThrow();
    }

    Path root() {
        return root;
    }

    /** Runs a command on this home and returns its exit code. */
    int run(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", root.toString(), "--port-base", Integer.toString(portBase)));
        return Main.commandLine().execute(line.toArray(String[]::new));
    }

    /** Runs a command that fails, and returns what it complained of: one line. */
    String complaint(String command) {
        StringWriter written = new StringWriter();
        CommandLine line = Main.commandLine().setErr(new PrintWriter(written));
        assertThat(line.execute(command, "--home", root.toString())).isEqualTo(1);
        assertThat(written.toString().lines()).hasSize(1);
        return written.toString();
    }

    void up() {
        assertThat(run("up")).isZero();
    }

    Context context() throws LauncherException {
        Home home = Home.at(root);
        Config config = Config.readOrMake(home.configFile(), portBase);
        return new Context(home, config, new Secrets(home.secrets(), new SecureRandom()), Checkout.current());
    }

    ProcessId process(String part) throws LauncherException {
        House house = context().house();
        return house.running(part(house, part)).orElseThrow();
    }

    private static Part part(House house, String name) {
        return house.part(name).orElseThrow();
    }

    /** As a power cut would. */
    void kill(String part) throws LauncherException {
        ProcessHandle handle = ProcessHandle.of(process(part).pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
    }

    /** As an operator would. */
    void stop(String name) throws LauncherException {
        House house = context().house();
        assertThat(Stopper.stop(process(name), part(house, name).stopsWithin())).isTrue();
    }

    JsonNode summary() throws IOException {
        return mapper.readTree(root.resolve("demo/summary.json").toFile());
    }

    /** How often each record of a broker stands in the published sealed log: {@code source/epoch/sequence} to number. */
    Map<String, Integer> sealedRecords() throws IOException, LogException {
        Map<String, Integer> records = new HashMap<>();
        eachSealed(entry -> count(mapper.readTree(entry), records));
        return records;
    }

    /** Takes an entry of the sealed log. */
    interface EntryReader {
        void read(byte[] entry) throws IOException;
    }

    /** Every entry of the published sealed log, in its order. */
    void eachSealed(EntryReader reader) throws IOException, LogException {
        try (Stream<Path> years = Files.list(root.resolve("log"))) {
            for (Path year : years.filter(Files::isDirectory).toList()) {
                TileFolder folder = new TileFolder(year);
                long size = folder.checkpoint().size();
                for (long bundle = 0; bundle * TilePath.WIDTH < size; bundle++) {
                    int width = (int) Math.min(TilePath.WIDTH, size - bundle * TilePath.WIDTH);
                    for (byte[] entry : EntryBundle.decode(folder.read(TilePath.entries(bundle, width)))) {
                        reader.read(entry);
                    }
                }
            }
        }
    }

    private static void count(JsonNode entry, Map<String, Integer> records) {
        JsonNode epoch = entry.path("unmapped").path("keyproof").path("epoch");
        if (epoch.isTextual()) {
            JsonNode metadata = entry.path("metadata");
            records.merge(
                    metadata.path("source").asText() + "/" + epoch.asText() + "/"
                            + metadata.path("sequence").asText(),
                    1,
                    Integer::sum);
        }
    }

    @Override
    public void close() {
        run("down", "--purge");
    }
}
