package dev.keyproof.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.process.ServerFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a module's load drivers and collects their rows. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Runs a benchmark; the last line printed is a JSON array of rows.",
        footer = {"", "Example: ./keyproof bench log"})
final class BenchCommand implements Callable<Integer> {
    private static final Map<String, List<String>> MODULES = new TreeMap<>(Map.of(
            "broker", List.of("key-broker/broker"),
            "token", List.of("key-broker/pkcs11"),
            "log", List.of("evidence-store/sealed-log"),
            "pack", List.of("evidence-store/evidence-service"),
            "stream", List.of("stream-analytics/job"),
            "policy", List.of("policy-packs/policy-engine", "policy-packs/policy-review"),
            "collect", List.of("collectors/collector"),
            "demo", List.of()));

    @Parameters(paramLabel = "NAME", description = "broker, token, log, pack, stream, policy, collect or demo")
    private String name = "";

    @Option(
            names = "--port-base",
            paramLabel = "N",
            defaultValue = "19440",
            description = "where the ports of the demo's home begin (default: ${DEFAULT-VALUE})")
    private int portBase;

    private final ObjectMapper mapper = new ObjectMapper();
    private final ArrayNode rows = mapper.createArrayNode();

    @Override
    public Integer call() throws LauncherException {
        List<String> modules = MODULES.get(name);
        if (modules == null) {
            throw new LauncherException("there is no benchmark '" + name + "', only " + MODULES.keySet());
        }
        if (name.equals("demo")) {
            demo();
        }
        Checkout checkout = Checkout.current();
        for (String module : modules) {
            List<String> drivers = drivers(checkout.path(module).resolve("src/bench/java"));
            if (drivers.isEmpty()) {
                throw new LauncherException(module + " has no benchmark yet");
            }
            for (String driver : drivers) {
                System.out.println("== " + driver);
                rows.addAll(run(checkout, module, driver));
            }
        }
        System.out.println(rows);
        return 0;
    }

    /** The drivers of a folder: what is named for it. What else has a main is started by one of them. */
    private static List<String> drivers(Path folder) throws LauncherException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith("Bench.java"))
                    .filter(BenchCommand::hasMain)
                    .map(file -> folder.relativize(file).toString())
                    .map(file ->
                            file.substring(0, file.length() - ".java".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw LauncherException.because("cannot look for benchmarks in " + folder, e);
        }
    }

    private static boolean hasMain(Path file) {
        try {
            return Files.readString(file).contains("public static void main(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ArrayNode run(Checkout checkout, String module, String driver) throws LauncherException {
        Path folder = checkout.path(module);
        Path testClassPath = folder.resolve("target/test.classpath");
        try {
            List<String> words = new ArrayList<>(
                    List.of(checkout.java().toString(), "-Xmx2g", "--enable-native-access=ALL-UNNAMED"));
            words.addAll(Context.FLINK);
            words.addAll(List.of(
                    "-cp",
                    folder.resolve("target/test-classes") + ":" + folder.resolve("target/classes") + ":"
                            + Files.readString(testClassPath).strip(),
                    driver));
            return rowsOf(new ProcessBuilder(words).directory(folder.toFile()), driver);
        } catch (IOException e) {
            throw LauncherException.because("the benchmark " + driver + " cannot be run", e);
        }
    }

    /** Runs a process, shows what it prints, and takes the JSON array of its last line. */
    private ArrayNode rowsOf(ProcessBuilder process, String what) throws IOException, LauncherException {
        Process running = process.redirectErrorStream(true).start();
        String last = "";
        try (BufferedReader lines = running.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                last = line.isBlank() ? last : line;
            }
            if (running.waitFor() != 0) {
                throw new LauncherException(what + " failed: " + last);
            }
        } catch (InterruptedException e) {
            running.destroy();
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
        if (last.startsWith("[") && mapper.readTree(last) instanceof ArrayNode array) {
            return array;
        }
        return mapper.createArrayNode();
    }

    /** Two demonstrations on one home: the first start and a later one. */
    private void demo() throws LauncherException {
        Checkout checkout = Checkout.current();
        Home home = Home.at(checkout.path("target/bench-home"));
        try {
            JsonNode first = demonstrate(checkout, home);
            JsonNode later = demonstrate(checkout, home);
            row("first-start-s", first.path("seconds").path("total").asDouble(), "s", "360 s allowed", 360);
            row("start-s", later.path("seconds").path("total").asDouble(), "s", "90 s allowed", 90);
            double peak = Math.max(
                    first.path("peakMemoryMiB").asDouble(),
                    later.path("peakMemoryMiB").asDouble());
            row("peak-memory-mib", peak, "MiB", "5120 MiB allowed", 5120);
        } finally {
            ServerFolder.purge(home);
        }
    }

    private JsonNode demonstrate(Checkout checkout, Home home) throws LauncherException {
        try {
            rowsOf(
                    new ProcessBuilder(
                            checkout.path("keyproof").toString(),
                            "demo",
                            "--home",
                            home.root().toString(),
                            "--port-base",
                            Integer.toString(portBase)),
                    "the demonstration");
            return mapper.readTree(home.demo().resolve("summary.json").toFile());
        } catch (IOException e) {
            throw LauncherException.because("the demonstration cannot be run", e);
        }
    }

    private void row(String row, double value, String unit, String against, double allowed) {
        rows.addObject()
                .put("name", row)
                .put("value", value)
                .put("unit", unit)
                .put("against", against)
                .put("ratio", Math.round(100 * value / allowed) / 100.0);
    }
}
