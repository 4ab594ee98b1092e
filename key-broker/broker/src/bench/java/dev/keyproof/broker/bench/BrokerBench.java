package dev.keyproof.broker.bench;

import dev.keyproof.broker.BrokerProcess;
import dev.keyproof.broker.TestHome;
import dev.keyproof.pkcs11.BareDevice;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A broker in a process of its own, on a SoftHSM token, a real PostgreSQL, the shipped policy and a journal on disk, called over HTTP;
 * each call decided, recorded and fdatasynced. In the same run, before it, the same operations by raw C_* calls on as many copies of the
 * module. Rows are taken when the compiler is done. After it Vault's transit engine, where its
 * program is ({@link VaultPeer}). The last line is JSON. Takes about six minutes.
 */
public final class BrokerBench {
    private static final List<Integer> CALLERS = List.of(1, 4, 16, 64);
    private static final int PACED_CALLERS = 16;
    private static final int PACED_PER_SECOND = 2_000;
    private static final int BATCH = 64;
    private static final int FEW = 10;
    private static final int MANY = 10_000;
    private static final int WARM_MS = 3_000;
    private static final int MS = 4_000;
    private static final String RECORD = "keyproof-record:";
    private static final String MESSAGE = Base64.getEncoder().encodeToString(new byte[32]);

    private BrokerBench() {}

    public static void main(String[] args) throws Exception {
        String rows;
        try (TestHome home = TestHome.create()) {
            rows = run(home);
        }
        // Last, when the database has said its farewell.
        System.out.println(rows);
    }

    private static String run(TestHome home) throws Exception {
        Map<String, double[]> bare = bareDevice(home);
        List<String> rows = new ArrayList<>();
        try (BrokerProcess broker = home.fast().start()) {
            String admin = home.token("bench-admin", "administrator");
            String app = home.token("bench", "application");
            String plain = "{\"plaintext\":\"" + MESSAGE + "\",\"context\":{\"tenant\":\"7\"}}";
            String message = "{\"message\":\"" + MESSAGE + "\"}";
            String rsa = "{\"message\":\"" + MESSAGE + "\",\"scheme\":\"RSA_PKCS1_SHA256\"}";
            String gcm = "/v1/keys/" + key(broker, admin, "AES_256_GCM") + ":encrypt";
            String p256 = "/v1/keys/" + key(broker, admin, "EC_P256") + ":sign";
            String rsa2048 = "/v1/keys/" + key(broker, admin, "RSA_2048") + ":sign";
            load(broker, gcm, app, plain, PACED_CALLERS);
            rows.add(row("encrypt-gcm", curve(broker, gcm, app, plain, rows), bare));
            String batch = "{\"items\":[" + (plain + ",").repeat(BATCH - 1) + plain + "]}";
            Load.Measured batches = load(broker, gcm, app, batch, PACED_CALLERS);
            rows.add(row("encrypt-gcm-batch64", batches.perSecond() * BATCH, "items/s", get(bare, "encrypt-gcm")[0]));
            rows.add(row("sign-p256", curve(broker, p256, app, message, rows), bare));
            rows.add(row("sign-rsa2048", load(broker, rsa2048, app, rsa, PACED_CALLERS), bare));
            rows.add(added(paced(broker, p256, app, message), get(bare, "sign-p256")[1]));
            rows.add(many(broker, admin, app, plain));
        }
        peer(home, rows);
        return "[" + String.join(",", rows) + "]";
    }

    /** The same of Vault's transit engine, alone on the machine. */
    private static void peer(TestHome home, List<String> rows) throws Exception {
        Optional<VaultPeer> started = VaultPeer.start(home.root());
        if (started.isEmpty()) {
            return;
        }
        try (VaultPeer vault = started.get()) {
            String plain = "{\"plaintext\":\"" + MESSAGE + "\",\"associated_data\":\"" + MESSAGE + "\"}";
            String message = "{\"input\":\"" + MESSAGE + "\"}";
            rows.add(peer("encrypt-gcm", load(vault, "/v1/transit/encrypt/gcm", plain)));
            rows.add(peer("sign-p256", load(vault, "/v1/transit/sign/p256", message)));
        }
    }

    private static String peer(String name, Load.Measured measured) {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"vault-transit-%s\",\"value\":%.0f,\"unit\":\"calls/s\",\"p95-ms\":%.3f}",
                name,
                measured.perSecond(),
                measured.p95Nanos() / 1e6);
    }

    private static Load.Measured load(VaultPeer vault, String path, String body) throws Exception {
        return withConnections(
                vault.base(),
                List.of(path),
                VaultPeer.TOKEN,
                body,
                "content-type: application/json",
                PACED_CALLERS,
                steps -> Load.steady(steps, MS));
    }

    /** Load spread over many keys beside the same load spread over few. */
    private static String many(BrokerProcess broker, String admin, String app, String body) throws Exception {
        long begun = System.nanoTime();
        List<Callable<String>> births = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            births.add(() -> "/v1/keys/" + key(broker, admin, "AES_256_GCM") + ":encrypt");
        }
        List<String> paths = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(PACED_CALLERS)) {
            for (Future<String> birth : callers.invokeAll(births)) {
                paths.add(birth.get());
            }
        }
        System.out.printf(
                Locale.ROOT, "%d keys were born at %.0f keys/s%n", MANY, MANY / ((System.nanoTime() - begun) / 1e9));
        Load.Measured few = load(broker, paths.subList(0, FEW), app, body, PACED_CALLERS);
        // By the last round each was used before, as it is in a broker that has run for a while.
        Load.Measured all = load(broker, paths, app, body, PACED_CALLERS);
        return String.format(
                Locale.ROOT,
                "{\"name\":\"encrypt-gcm-%d-keys\",\"value\":%.0f,\"unit\":\"calls/s\",\"against\":\"the same with %d"
                        + " keys: %.0f calls/s\",\"ratio\":%.3f}",
                MANY,
                all.perSecond(),
                FEW,
                few.perSecond(),
                all.perSecond() / few.perSecond());
    }

    /** From one caller to many: what 16 reach is the row; the others are rows of their own. */
    private static Load.Measured curve(BrokerProcess broker, String path, String token, String body, List<String> rows)
            throws Exception {
        Map<Integer, Load.Measured> measured = new LinkedHashMap<>();
        for (int callers : CALLERS) {
            measured.put(callers, load(broker, path, token, body, callers));
        }
        String name = path.replaceAll(".*:", "");
        measured.forEach((callers, one) -> rows.add(String.format(
                Locale.ROOT,
                "{\"name\":\"%s-%d-callers\",\"value\":%.0f,\"unit\":\"calls/s\",\"p95-ms\":%.3f}",
                name,
                callers,
                one.perSecond(),
                one.p95Nanos() / 1e6)));
        return get(measured, PACED_CALLERS);
    }

    private static Load.Measured load(BrokerProcess broker, String path, String token, String body, int callers)
            throws Exception {
        return load(broker, List.of(path), token, body, callers);
    }

    private static Load.Measured load(BrokerProcess broker, List<String> paths, String token, String body, int callers)
            throws Exception {
        return withConnections(broker.base(), paths, token, body, RECORD, callers, steps -> Load.steady(steps, MS));
    }

    /** Each caller sends when its call is due, whatever the last one took. */
    private static Load.Measured paced(BrokerProcess broker, String path, String token, String body) throws Exception {
        return withConnections(
                broker.base(),
                List.of(path),
                token,
                body,
                RECORD,
                PACED_CALLERS,
                steps -> Load.paced(steps, WARM_MS, MS, PACED_PER_SECOND / PACED_CALLERS));
    }

    private interface Driver {
        Load.Measured drive(List<Load.Step> steps) throws Exception;
    }

    private static Load.Measured withConnections(
            URI server, List<String> paths, String token, String body, String required, int callers, Driver driver)
            throws Exception {
        List<HttpLoad> connections = new ArrayList<>();
        try {
            for (int i = 0; i < callers; i++) {
                connections.add(new HttpLoad(server, paths, i * paths.size() / callers, token, body, required));
            }
            Load.Measured measured = driver.drive(connections.stream()
                    .map(connection -> (Load.Step) connection::exchange)
                    .toList());
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d keys, %d callers: %.0f calls/s, p95 %.3f ms%n",
                    paths.getFirst().replaceAll(".*:", ""),
                    paths.size(),
                    callers,
                    measured.perSecond(),
                    measured.p95Nanos() / 1e6);
            return measured;
        } finally {
            for (HttpLoad connection : connections) {
                connection.close();
            }
        }
    }

    private static String key(BrokerProcess broker, String admin, String algorithm) throws Exception {
        return broker.post("/v1/keys", admin, "{'name':'bench','algorithm':'" + algorithm + "'}")
                .body()
                .path("id")
                .asText();
    }

    /** In a process of its own, whose environment names the token. */
    private static Map<String, double[]> bareDevice(TestHome home) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareDevice.class.getName(),
                        TestHome.MODULE.toString(),
                        "broker",
                        home.root().resolve("pin").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(home.environment());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("the bare device was not measured: " + output);
        }
        Map<String, double[]> measured = new LinkedHashMap<>();
        for (String line : output.lines().toList()) {
            System.out.println("bare device: " + line);
            String[] parts = line.split(" ", -1);
            measured.put(parts[0], new double[] {Double.parseDouble(parts[1]), Double.parseDouble(parts[2])});
        }
        return measured;
    }

    private static <K, T> T get(Map<K, T> map, K name) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalStateException("not measured: " + name);
        }
        return value;
    }

    private static String row(String name, Load.Measured measured, Map<String, double[]> bare) {
        return row(name, measured.perSecond(), "calls/s", get(bare, name)[0]);
    }

    private static String row(String name, double value, String unit, double bare) {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"%s\",\"against\":\"raw C_* calls, best of 1, 2 and 4 threads"
                        + " on 2 copies of the module: %.0f calls/s\",\"ratio\":%.3f}",
                name,
                value,
                unit,
                bare,
                value / bare);
    }

    private static String added(Load.Measured paced, double bareNanos) {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"added-p95-ms\",\"value\":%.3f,\"unit\":\"ms\",\"against\":\"p95 of the raw calls at the same"
                        + " %d signatures/s: %.3f ms\",\"ratio\":%.1f}",
                (paced.p95Nanos() - bareNanos) / 1e6,
                PACED_PER_SECOND,
                bareNanos / 1e6,
                paced.p95Nanos() / bareNanos);
    }
}
