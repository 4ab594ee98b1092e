package dev.keyproof.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.VerifyCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pack of a large log: built by the service in a process of its own with the heap that it has in an installation, then verified by the
 * command in another. Records of 1.7 KB on a thousand keys, a signed head over each thousand of them, the verdict of each rule on each key. One
 * argument: how many records (default 1,000,000).
 */
public final class PackBench {
    private static final String EPOCH = "01M87SHS9S9DN4NZSC5GB1TPHX";
    private static final int BATCH = 1000;
    private static final int KEYS = 1000;
    private static final int RULES = 34;
    private static final Pattern PORT = Pattern.compile("event=started port=([0-9]+)");

    private PackBench() {}

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Path dir = Files.createDirectories(Path.of("target", "pack-bench")).toAbsolutePath();
        if (System.getenv("SOFTHSM2_CONF") == null) {
            System.exit(again(dir, count));
        }
        Path home = dir.resolve("home");
        List<String> rows = new ArrayList<>();
        try (TestingHouse house = new TestingHouse(dir)) {
            Path config = house.config(home);
            running(house, config, dir.resolve("first.out")).destroyForcibly().waitFor();
            fill(home, house, count);
            Process service = running(house, config, dir.resolve("service.out"));
            try {
                rows.addAll(measured(house, service, dir, count));
            } finally {
                service.destroyForcibly().waitFor();
            }
        }
        delete(dir);
        System.out.println("[" + String.join(",", rows) + "]");
        System.exit(0);
    }

    /** The token's library reads its configuration from the environment, which only a new process can have. */
    private static int again(Path dir, int count) throws Exception {
        delete(dir);
        Files.createDirectories(dir);
        ProcessBuilder own = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PackBench.class.getName(),
                        Integer.toString(count))
                .inheritIO();
        own.environment().put("SOFTHSM2_CONF", dir.resolve("softhsm2.conf").toString());
        return own.start().waitFor();
    }

    private static Process running(TestingHouse house, Path config, Path out) throws Exception {
        Process process = house.process(config, out);
        while (!PORT.matcher(Files.readString(out)).find()) {
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(out));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return process;
    }

    private static void fill(Path home, TestingHouse house, int count) throws Exception {
        PolicyBundle bundle = PolicyBundle.read(house.policy);
        String decision = "\"decision\":{\"allow\":true,\"policy\":\"" + bundle.digest() + "\",\"data\":\""
                + bundle.dataDigest() + "\",\"input\":{\"read\":\"" + "x".repeat(1100) + "\"},\"result\":{}}";
        String year = Year.now(ZoneOffset.UTC).toString();
        long begun = System.nanoTime();
        try (SealedLog log = SealedLog.open(
                home.resolve("log").resolve(year),
                "keyproof/log/" + TestingHouse.name(home) + "/" + year,
                LogOptions.DEFAULTS)) {
            byte[] positions = log.positions();
            List<byte[]> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                batch.add(record(i, decision).getBytes(StandardCharsets.UTF_8));
                if (i < KEYS * RULES) {
                    batch.add(verdict(i % RULES, i / RULES).getBytes(StandardCharsets.UTF_8));
                }
                if (i % BATCH == BATCH - 1) {
                    batch.add(head(i + 1 - BATCH, i + 1).getBytes(StandardCharsets.UTF_8));
                    log.append(List.copyOf(batch), positions).get();
                    batch.clear();
                }
            }
        }
        System.out.printf(Locale.ROOT, "sealed %,d records in %.1f s%n", count, seconds(begun));
    }

    private static String record(int i, String decision) {
        return "{\"class_uid\":6003,\"time\":1700000000000,\"metadata\":{\"uid\":\"bench-" + i
                + "\",\"source\":\"bench\",\"sequence\":" + i
                + "},\"api\":{\"operation\":\"Sign\"},\"actor\":{\"user\":{"
                + "\"uid\":\"caller-" + i % 50 + "\"}},\"resources\":[{\"uid\":\"K" + i % KEYS
                + "\",\"data\":{\"id\":\"K"
                + i % KEYS
                + "\",\"attributes\":{\"sensitive\":true}}}],\"unmapped\":{\"keyproof\":{\"kind\":\"operation\","
                + "\"epoch\":\"" + EPOCH + "\",\"previous\":\"" + "0".repeat(64) + "\"," + decision + "}}}";
    }

    /** As the stream job writes it: the verdict of one rule on one key. */
    private static String verdict(int rule, int key) {
        return "{\"class_uid\":2003,\"time\":1700000000000,\"activity_id\":1,\"compliance\":{\"control\":\"rules/r"
                + rule
                + "\",\"requirements\":[\"pci-dss:3.7." + rule % 9 + "\",\"iso-27001:A." + rule % 5
                + "\"],\"status_code\":\"PASS\"},\"metadata\":{\"uid\":\"verdict-" + rule + "-" + key
                + "\"},\"finding_info\":{\"title\":\"" + "t".repeat(60) + "\"},\"message\":\"" + "m".repeat(200)
                + "\",\"remediation\":{\"desc\":\"" + "r".repeat(300) + "\"},\"resources\":[{\"uid\":\"K" + key
                + "\"}],\"unmapped\":{\"keyproof\":{\"kind\":\"service\",\"detail\":{\"state\":\"sha256:"
                + String.format(Locale.ROOT, "%064x", key) + "\",\"evidence\":\"" + "e".repeat(600) + "\"}}}}";
    }

    private static String head(long from, long to) {
        return "{\"epoch\":\"" + EPOCH + "\",\"from\":" + from + ",\"head\":\"\",\"keyproof\":\"attestation/v1\","
                + "\"source\":\"bench\",\"to\":" + to + ",\"verdict\":\"ok\"}";
    }

    private static List<String> measured(TestingHouse house, Process service, Path dir, int count) throws Exception {
        Matcher port = PORT.matcher(Files.readString(dir.resolve("service.out")));
        if (!port.find()) {
            throw new IllegalStateException("the service did not start");
        }
        long before = peakMiB(service);
        long begun = System.nanoTime();
        JsonNode built = post(house, Integer.parseInt(port.group(1)));
        double building = seconds(begun);
        Path pack = Path.of(built.path("pack").asText());
        long peak = peakMiB(service);
        begun = System.nanoTime();
        Process verify = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VerifyCommand.class.getName(),
                        pack.toString(),
                        "--trust",
                        built.path("trust").asText())
                .inheritIO()
                .start();
        if (verify.waitFor() != 0) {
            throw new IllegalStateException("the pack does not verify");
        }
        double verifying = seconds(begun);
        double raw = copied(pack, dir.resolve("copy.zip"));
        System.out.printf(
                Locale.ROOT, "%,d bytes; peak resident %d MiB, %d MiB before%n", Files.size(pack), peak, before);
        return List.of(
                row("pack-build-s", building, "s", "60 s allowed for 1,000,000", 60.0 * count / 1_000_000),
                row("pack-verify-s", verifying, "s", "copied and hashed once", raw),
                row("pack-build-peak-mib", (double) peak, "MiB", "before", (double) before));
    }

    private static JsonNode post(TestingHouse house, int port) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/packs"))
                                .header("Authorization", house.bearer("operator"))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.body());
        }
        return new ObjectMapper().readTree(answer.body());
    }

    /** The least that anybody has to do: read every byte, hash it, write it. */
    private static double copied(Path from, Path to) throws Exception {
        long begun = System.nanoTime();
        try (InputStream in = Files.newInputStream(from);
                OutputStream out =
                        new DigestOutputStream(Files.newOutputStream(to), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(out);
        }
        return seconds(begun);
    }

    /** The most memory that a process ever had. */
    private static long peakMiB(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static String row(String name, double value, String unit, String against, double other) {
        System.out.printf(Locale.ROOT, "%s: %,.2f %s, %s: %,.2f%n", name, value, unit, against, other);
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\",\"against\":\"%s\",\"ratio\":%.2f}",
                name,
                value,
                unit,
                against,
                value / other);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.toList().reversed();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
