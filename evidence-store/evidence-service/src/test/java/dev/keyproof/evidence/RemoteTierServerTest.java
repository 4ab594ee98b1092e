package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.remote.RestoreCommand;
import dev.keyproof.evidence.testing.Peers;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy in a bucket of a server that enforces Object Lock, while the service seals, and the way back. */
@Tag("server")
final class RemoteTierServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path dir;

    private static TestingHouse house;
    private static Peers.Server s3;
    private static final StringWriter SAID = new StringWriter();
    private static String policy;
    private static String data;

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        s3 = Peers.versitygw(Files.createDirectories(dir.resolve("s3")));
        s3.bucket("evidence", true);
        PolicyBundle bundle = PolicyBundle.read(house.policy);
        policy = bundle.digest();
        data = String.valueOf(bundle.dataDigest());
    }

    @AfterAll
    static void stop() {
        System.out.println(Peers.run());
        s3.close();
        house.close();
    }

    @Test
    void aLostHomeIsRestoredAndSealingGoesOnWithNothingTwice(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("copied")) {
            // Given: a service that was killed while it copied, and another that ended well
            Path config = house.config(home, s3);
            List<byte[]> all = new ArrayList<>();
            for (int kill = 0; kill < 3; kill++) {
                Path out = home.resolve("out-" + kill);
                Process process = house.process(config, out);
                all.addAll(send(journal, "copied", 200));
                await().atMost(PATIENCE).until(() -> Files.readString(out).contains("event=remote-probed"));
                // Each time a little later in its copying
                process.waitFor(700L * kill, TimeUnit.MILLISECONDS);
                process.destroyForcibly().waitFor();
            }
            house.kafka.send("quarantine", "x", List.of("no event".getBytes(UTF_8)));
            Path trust;
            try (EvidenceService service = service(config)) {
                await().atMost(PATIENCE).until(() -> house.attested(service, "copied") == 600);
                await().atMost(PATIENCE)
                        .until(() -> state(service).path("quarantined").asLong() > 0);
                await().atMost(PATIENCE)
                        .until(() -> remote(service).path("lock").asText().equals("enforced"));
                JsonNode built = house.post(service.port(), "/v1/packs", "{}");
                trust = Files.copy(Path.of(built.path("trust").asText()), dir.resolve("anchor.trust"));
                assertThat(text(Path.of(built.path("pack").asText()), "NOT-PROVEN.md"))
                        .contains("a copy of this log which nobody can delete lies in s3://evidence/")
                        .contains("refused to delete a locked version");
                assertThat(remote(service).path("trouble").asText()).isEmpty();
            }
            long sealed;
            Path old = home.resolveSibling(home.getFileName() + "-lost");
            Files.createDirectories(old);
            for (String lost : List.of("log", "artifacts", "evidence", "packs")) {
                Files.move(home.resolve(lost), old.resolve(lost));
            }

            // When
            assertThat(restore(home, trust)).isZero();

            // Then
            try (SealedLogReader before =
                            SealedLogReader.open(old.resolve("log").resolve(year()));
                    SealedLogReader after =
                            SealedLogReader.open(home.resolve("log").resolve(year()))) {
                sealed = before.durableSize();
                assertThat(after.durableSize()).isEqualTo(sealed);
            }
            assertThat(Files.readString(home.resolve("log").resolve(year()).resolve("checkpoint")))
                    .isEqualTo(
                            Files.readString(old.resolve("log").resolve(year()).resolve("checkpoint")));
            long quarantined = quarantined(home);
            // A kill may have left an artifact whose entry was never sealed.
            assertThat(artifacts(home)).isEqualTo(artifacts(old)).isGreaterThanOrEqualTo(quarantined);
            assertThat(home.resolve("evidence/signer.pem")).hasSameBinaryContentAs(old.resolve("evidence/signer.pem"));
            try (EvidenceService service = service(config)) {
                house.kafka.send("key-events", "K1", all);
                send(journal, "copied", 100);
                await().atMost(PATIENCE).until(() -> house.attested(service, "copied") == 700);

                assertThat(house.get(service.port(), "/v1/census?run=run-copied")
                                .path("sealed")
                                .asLong())
                        .isEqualTo(700);
                // What the lost one had not read yet is quarantined by now, and nothing twice.
                assertThat(quarantine(home))
                        .hasSizeGreaterThanOrEqualTo((int) quarantined)
                        .extracting(entry ->
                                new ObjectMapper().readTree(entry).path("place").asText())
                        .doesNotHaveDuplicates();
                JsonNode built = house.post(service.port(), "/v1/packs", "{}");
                assertThat(new PackVerifier(Clock.systemUTC())
                                .verify(
                                        Path.of(built.path("pack").asText()),
                                        TrustFile.parse(Files.readString(trust)),
                                        false))
                        .as(built.toString())
                        .isInstanceOf(Verdict.Proven.class);
                await().atMost(PATIENCE)
                        .until(() -> remote(service).path("copied").path(year()).asLong() > sealed + 100);
                assertThat(remote(service).path("trouble").asText()).isEmpty();
            }
            assertThat(restore(home, trust)).isEqualTo(1);
            assertThat(SAID.toString().lines().toList())
                    .singleElement()
                    .asString()
                    .startsWith("keyproof: " + home)
                    .endsWith("a log is restored into a home without one; name another --home");
        }
    }

    @Test
    void aBucketThatFailsStopsNothingAndIsAFinding(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("alone");
                EvidenceService service = service(house.config(home, s3))) {
            send(journal, "alone", 50);
            await().atMost(PATIENCE).until(() -> house.attested(service, "alone") == 50);
            await().atMost(PATIENCE)
                    .until(() -> remote(service).path("copied").path(year()).asLong() > 50);

            // When
            s3.kill();
            try {
                send(journal, "alone", 50);

                // Then
                await().atMost(PATIENCE).until(() -> house.attested(service, "alone") == 100);
                await().atMost(PATIENCE)
                        .until(() -> !remote(service).path("trouble").asText().isEmpty());
                assertThat(health(service).path("status").asText()).isEqualTo("UP");
                await().atMost(PATIENCE)
                        .until(() -> findings("log-remote-copy-", home).size() == 1);
                byte[] finding = findings("log-remote-copy-", home).getFirst();
                assertThat(OcsfSchema.violations(finding)).isEmpty();
                send(journal, "alone", 50);
                await().atMost(PATIENCE).until(() -> house.attested(service, "alone") == 150);
            } finally {
                s3.restart();
            }
            await().atMost(PATIENCE)
                    .until(() -> remote(service).path("copied").path(year()).asLong() > 150
                            && remote(service).path("trouble").asText().isEmpty());
            assertThat(findings("log-remote-copy-", home)).hasSize(1);
            assertThat(probes(home)).singleElement().satisfies(probe -> {
                assertThat(probe.path("lock").asText()).isEqualTo("enforced");
                assertThat(probe.path("allowed")).isEmpty();
            });
        }
    }

    @Test
    void aBucketThatOnlyPretendsIsAFindingAndThePackSaysSo(@TempDir Path home) throws Exception {
        try (Peers.Server pretender = Peers.moto(dir.resolve("moto"))) {
            pretender.bucket("evidence", true);
            try (TestingJournal journal = journal("pretended");
                    EvidenceService service = service(house.config(home, pretender))) {
                send(journal, "pretended", 5);
                await().atMost(PATIENCE).until(() -> house.attested(service, "pretended") == 5);
                await().atMost(PATIENCE)
                        .until(() -> remote(service).path("lock").asText().equals("pretended"));
                await().atMost(PATIENCE)
                        .until(() -> findings("log-remote-lock-", home).size() == 1);
                JsonNode built = house.post(service.port(), "/v1/packs", "{}");
                assertThat(text(Path.of(built.path("pack").asText()), "NOT-PROVEN.md"))
                        .contains(TestingHouse.place(home)
                                + ". When last probed, its lock is a pretence, for its server allowed shortening");
                assertThat(health(service).at("/remote/says").asText()).contains("a pretence");
            }
        }
    }

    @Test
    void withoutABucketThePackSaysSo(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("nowhere");
                EvidenceService service = service(house.config(home))) {
            send(journal, "nowhere", 5);
            await().atMost(PATIENCE).until(() -> house.attested(service, "nowhere") == 5);
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            assertThat(text(Path.of(built.path("pack").asText()), "NOT-PROVEN.md"))
                    .contains(
                            "That there is a copy of this log which nobody can delete. No remote tier is configured.");
            assertThat(health(service).has("remote")).isFalse();
        }
    }

    private static int restore(Path home, Path trust) {
        SAID.getBuffer().setLength(0);
        return TestingHouse.restore(
                RestoreCommand.commandLine().setErr(new PrintWriter(SAID, true)), home, s3, home, trust);
    }

    private static List<byte[]> send(TestingJournal journal, String source, int count) throws Exception {
        List<byte[]> records = journal.append(count, "run-" + source);
        house.kafka.send("key-events", "K1", records);
        house.kafka.send("attestations", source, List.of(journal.head().note().bytes()));
        return records;
    }

    private static TestingJournal journal(String source) throws Exception {
        TestingJournal journal = new TestingJournal(dir.resolve("journals"), source, policy, data);
        Files.writeString(
                house.journalKeys(), journal.vkey() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return journal;
    }

    private static EvidenceService service(Path config) throws Exception {
        return EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private static JsonNode state(EvidenceService service) {
        return house.get(service.port(), "/v1/state");
    }

    private static JsonNode remote(EvidenceService service) {
        return state(service).path("remote");
    }

    private static JsonNode health(EvidenceService service) {
        return house.get(service.port(), "/health");
    }

    private static List<byte[]> findings(String uid, Path home) {
        return house.kafka.committed("findings").stream()
                .map(record -> record.value())
                .filter(value -> {
                    String text = new String(value, UTF_8);
                    return text.contains("\"" + uid) && text.contains(TestingHouse.name(home));
                })
                .toList();
    }

    /** What the log says that probes of the bucket found. */
    private static List<JsonNode> probes(Path home) throws Exception {
        List<JsonNode> probes = new ArrayList<>();
        try (SealedLogReader log = SealedLogReader.open(home.resolve("log").resolve(year()))) {
            for (byte[] entry : log.read(0, (int) log.durableSize())) {
                JsonNode json = new ObjectMapper().readTree(entry);
                if (json.path("api").path("operation").asText().equals("LogRemoteProbe")) {
                    assertThat(OcsfSchema.violations(entry)).isEmpty();
                    probes.add(json.at("/unmapped/keyproof/detail/remoteProbe"));
                }
            }
        }
        return probes;
    }

    private static long artifacts(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("artifacts"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
                    .count();
        }
    }

    private static long quarantined(Path home) throws Exception {
        return quarantine(home).size();
    }

    private static List<String> quarantine(Path home) throws Exception {
        try (SealedLogReader log = SealedLogReader.open(home.resolve("log").resolve(year()))) {
            return log.read(0, (int) log.durableSize()).stream()
                    .map(entry -> new String(entry, UTF_8))
                    .filter(entry -> entry.contains("\"quarantine/v1\""))
                    .toList();
        }
    }

    private static String text(Path pack, String name) throws IOException {
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), UTF_8);
        }
    }

    private static String year() {
        return java.time.Year.now(java.time.ZoneOffset.UTC).toString();
    }
}
