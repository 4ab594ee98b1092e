package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What callers give in confidence, and what they are given, is nowhere once they have their answer: not in the log, the journal or the
 * database, and not in the heap, the buffers of the HTTP server included.
 */
@Tag("server")
class SecretsTest {
    private final Random random = new Random(20261126);
    private final Needles needles = new Needles();

    @Test
    void nothingConfidentialIsLeftInTheHeapOrInAnyFile() throws Exception {
        try (TestHome home = TestHome.create()) {
            // Given: a token whose PIN is a secret like any other
            String pin = "pin-" + HexFormat.of().formatHex(bytes(16));
            needles.text("PIN", pin);
            initToken(home, pin);
            try (BrokerProcess broker = home.start()) {
                // And one secret that is kept on purpose, as the name of a key
                String kept = HexFormat.of().formatHex(bytes(16));
                needles.text("kept", kept);
                String admin = home.token("root", "administrator");
                String app = home.token("payments", "application");
                String kek = key(broker, admin, kept, "AES_256_GCM", "encrypt");

                // When
                use(broker, admin, app, kek);

                // Then
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(() -> assertThat(inHeap(home, broker)).containsExactly("kept"));
                assertThat(inFiles(home, "journal")).containsExactly("kept");
                assertThat(inFiles(home, "postgres")).containsExactly("kept");
                assertThat(inFiles(home, "")).containsExactly("kept");
                assertThat(broker.output()).doesNotContain(kept);
            }
        }
    }

    /** Calls of every kind, answered and refused; each twice, for the second of a token goes the short way. */
    private void use(BrokerProcess broker, String admin, String app, String kek) throws Exception {
        String signer = key(broker, admin, "signer", "EC_P256", "sign");
        String maccer = key(broker, admin, "maccer", "HMAC_SHA256", "mac");
        String deriver = key(broker, admin, "deriver", "HMAC_SHA256", "derive");
        for (int round = 0; round < 2; round++) {
            Reply sealed = ok(broker.post(path(kek, "encrypt"), app, "{'plaintext':'" + secret("plaintext") + "'}"));
            ok(broker.post(
                    path(kek, "decrypt"),
                    app,
                    "{'ciphertext':'" + sealed.body().path("ciphertext").asText() + "'}"));
            learned(
                    "data key",
                    ok(broker.post(path(kek, "data-key"), app, "{'algorithm':'AES_256_GCM'}")),
                    "plaintext");
            ok(broker.post(path(signer, "sign"), app, "{'message':'" + secret("message") + "'}"));
            ok(broker.post(path(maccer, "mac"), app, "{'message':'" + secret("mac message") + "'}"));
            learned("derived key", ok(broker.post(path(deriver, "derive"), app, "{'label':'a','bytes':32}")), "key");
            ok(broker.post(
                    path(kek, "encrypt"),
                    app,
                    "{'items':[{'plaintext':'" + secret("item") + "'},{'plaintext':'" + secret("bad item") + "!'}]}"));
            // Refused: half a document, a member too many, an object instead of a text, another's key, too large
            refused(broker.post(path(kek, "encrypt"), app, "{'plaintext':'" + secret("half a document")));
            refused(broker.post(path(kek, "encrypt"), app, "{'plaintext':'" + secret("unknown member") + "','x':1}"));
            refused(broker.post(path(kek, "encrypt"), app, "{'plaintext':{'a':'" + secret("wrong type") + "'}}"));
            refused(broker.post(path(kek, "encrypt"), admin, "{'plaintext':'" + secret("not allowed") + "'}"));
            refused(broker.post(path(kek, "encrypt"), app, "{'plaintext':'" + secret("no base64") + "!'}"));
            refused(broker.post(
                    path(kek, "encrypt"),
                    app,
                    "{'plaintext':'" + secret("too large").repeat(120_000) + "'}"));
        }
        Reply repeatable = broker.call(
                "POST",
                path(kek, "data-key"),
                app,
                "{\"algorithm\":\"AES_256_GCM\"}",
                Map.of("Idempotency-Key", "data-key-1"));
        if (repeatable.status() == 200) {
            learned("repeatable data key", repeatable, "plaintext");
        }
    }

    private static Reply ok(Reply reply) {
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply;
    }

    private static void refused(Reply reply) {
        assertThat(reply.status()).as("%s", reply.body()).isBetween(400, 499);
    }

    private static String path(String key, String operation) {
        return "/v1/keys/" + key + ":" + operation;
    }

    private static String key(BrokerProcess broker, String admin, String name, String algorithm, String purpose)
            throws Exception {
        Reply made = broker.post(
                "/v1/keys",
                admin,
                "{'name':'" + name + "','algorithm':'" + algorithm + "','purpose':'" + purpose + "'}");
        assertThat(made.status()).as("%s", made.body()).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A new secret of 30 bytes in Base64, which is looked for from now on. */
    private String secret(String name) {
        byte[] secret = bytes(30);
        needles.bytes(name, secret);
        return Base64.getEncoder().encodeToString(secret);
    }

    private void learned(String name, Reply reply, String member) {
        byte[] secret = Base64.getDecoder().decode(reply.body().path(member).asText());
        assertThat(secret).as("%s", reply.body()).hasSizeGreaterThanOrEqualTo(32);
        needles.bytes(name, secret);
    }

    private static void initToken(TestHome home, String pin) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "secret",
                        "--so-pin",
                        "56789012",
                        "--pin",
                        pin)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(home.environment());
        assertThat(builder.start().waitFor()).isZero();
        Files.writeString(home.root().resolve("pin"), pin + "\n");
        home.set("keyproof.token.label", "secret");
    }

    /** What a dump of all objects that can be reached shows. */
    private Set<String> inHeap(TestHome home, BrokerProcess broker) throws Exception {
        Path dump = home.root().resolve("heap.hprof");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(broker.pid()),
                        "GC.heap_dump",
                        "-overwrite",
                        dump.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        try {
            return needles.in(dump);
        } finally {
            Files.delete(dump);
        }
    }

    private Set<String> inFiles(TestHome home, String folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(home.root().resolve(folder))) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(home.root().resolve("pin")))
                    .forEach(files::add);
        }
        assertThat(files).isNotEmpty();
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            found.addAll(needles.in(file));
        }
        return found;
    }
}
