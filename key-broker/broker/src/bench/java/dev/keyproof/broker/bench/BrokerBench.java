package dev.keyproof.broker.bench;

import dev.keyproof.broker.BrokerProcess;
import dev.keyproof.broker.TestHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A broker in a process of its own, on a SoftHSM token, a real PostgreSQL, the shipped policy and a journal on disk, called
 * over HTTP by 16 callers; each call decided, recorded and fdatasynced. Beside it the same keys through SunPKCS11 alone. The
 * last line is JSON. Takes about a minute.
 */
public final class BrokerBench {
    private static final int CALLERS = 16;
    private static final int FEW = 2;
    private static final int BATCH = 64;
    private static final int WARM_MS = 4_000;
    private static final int MS = 5_000;
    private static final String MESSAGE = Base64.getEncoder().encodeToString(new byte[32]);

    private BrokerBench() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 2 && args[0].equals("bare-device")) {
            BareDevice.measure(Path.of(args[1]), Arrays.asList(args).subList(2, args.length));
            return;
        }
        try (TestHome home = TestHome.create()) {
            System.out.println(run(home));
        }
    }

    private static String run(TestHome home) throws Exception {
        Map<String, String> keys = new LinkedHashMap<>();
        List<String> rows = new ArrayList<>();
        Map<String, Load.Measured> broker = new LinkedHashMap<>();
        try (BrokerProcess process = home.fast().start()) {
            String admin = home.token("bench-admin", "administrator");
            String app = home.token("bench", "application");
            keys.put("sign-rsa2048", key(process, admin, "RSA_2048"));
            keys.put("sign-p256", key(process, admin, "EC_P256"));
            keys.put("encrypt-gcm", key(process, admin, "AES_256_GCM"));
            String rsa = "{\"message\":\"" + MESSAGE + "\",\"scheme\":\"RSA_PKCS1_SHA256\"}";
            String plain = "{\"plaintext\":\"" + MESSAGE + "\",\"context\":{\"tenant\":\"7\"}}";
            String batch = "{\"items\":[" + (plain + ",").repeat(BATCH - 1) + plain + "]}";
            String gcm = "/v1/keys/" + keys.get("encrypt-gcm") + ":encrypt";
            broker.put("encrypt-gcm", load(process, gcm, app, plain, CALLERS));
            broker.put("few", load(process, gcm, app, plain, FEW));
            broker.put("encrypt-gcm-batch64", load(process, gcm, app, batch, CALLERS));
            broker.put(
                    "sign-p256",
                    load(
                            process,
                            "/v1/keys/" + keys.get("sign-p256") + ":sign",
                            app,
                            "{\"message\":\"" + MESSAGE + "\"}",
                            CALLERS));
            broker.put(
                    "sign-rsa2048", load(process, "/v1/keys/" + keys.get("sign-rsa2048") + ":sign", app, rsa, CALLERS));
        }
        Map<String, double[]> bare = bareDevice(home, keys);
        for (String name : List.of("sign-rsa2048", "sign-p256", "encrypt-gcm")) {
            rows.add(row(name, get(broker, name).perSecond(), "calls/s", get(bare, name)[0]));
        }
        rows.add(row(
                "encrypt-gcm-batch64",
                get(broker, "encrypt-gcm-batch64").perSecond() * BATCH,
                "items/s",
                get(bare, "encrypt-gcm")[0]));
        double added = (get(broker, "few").p95Nanos() - get(bare, "encrypt-gcm")[1]) / 1e6;
        rows.add(String.format(
                Locale.ROOT,
                "{\"name\":\"added-p95-ms\",\"value\":%.3f,\"unit\":\"ms\",\"against\":\"p95 of the bare device, 2"
                        + " callers\",\"ratio\":%.1f}",
                added,
                get(broker, "few").p95Nanos() / get(bare, "encrypt-gcm")[1]));
        return "[" + String.join(",", rows) + "]";
    }

    private static Load.Measured load(BrokerProcess broker, String path, String token, String body, int callers)
            throws Exception {
        List<HttpLoad> connections = new ArrayList<>();
        try {
            for (int i = 0; i < callers; i++) {
                connections.add(new HttpLoad(broker.base(), path, token, body));
            }
            Load.Measured measured = Load.measure(
                    connections.stream()
                            .map(connection -> (Load.Step) connection::exchange)
                            .toList(),
                    WARM_MS,
                    MS);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d callers: %.0f calls/s, p95 %.3f ms%n",
                    path.replaceAll(".*:", ""),
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
    private static Map<String, double[]> bareDevice(TestHome home, Map<String, String> keys) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerBench.class.getName(),
                "bare-device",
                home.root().toString()));
        keys.forEach((name, id) -> command.add(name + "=" + id + "/1"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(home.environment());
        Process process = builder.start();
        Map<String, double[]> measured = new LinkedHashMap<>();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(output);
        }
        for (String line : output.lines().toList()) {
            System.out.println("bare device: " + line);
            String[] parts = line.split(" ", -1);
            if (parts.length == 3 && keys.containsKey(parts[0])) {
                measured.put(parts[0], new double[] {Double.parseDouble(parts[1]), Double.parseDouble(parts[2])});
            }
        }
        return measured;
    }

    private static <T> T get(Map<String, T> map, String name) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalStateException("not measured: " + name);
        }
        return value;
    }

    private static String row(String name, double value, String unit, double bare) {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"%s\",\"against\":\"SunPKCS11 alone, 2 threads on 2 copies of"
                        + " the module: %.0f calls/s\",\"ratio\":%.3f}",
                name,
                value,
                unit,
                bare,
                value / bare);
    }
}
