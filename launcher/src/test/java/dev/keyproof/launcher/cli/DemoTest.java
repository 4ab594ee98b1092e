package dev.keyproof.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.launcher.ConsoleBrowser;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.ProcessId;
import dev.keyproof.launcher.workload.BrokerClient;
import dev.keyproof.launcher.workload.Stores;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demonstration, and then bad days on the same installation: one start serves them all, so they have an order. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private final TestingHome home;
    private final ObjectMapper mapper = new ObjectMapper();

    DemoTest() throws Exception {
        this.home = new TestingHome();
    }

    @BeforeAll
    void demonstrate() {
        assertThat(home.run("demo", "--keep")).isZero();
    }

    @AfterAll
    void purge() {
        home.close();
        assertThat(home.root()).doesNotExist();
    }

    @Test
    @Order(1)
    void everyNumberOfTheSummaryReconciles() throws Exception {
        // Given
        JsonNode summary = home.summary();

        // Then
        long operations = summary.path("operations").asLong();
        assertThat(operations).isGreaterThanOrEqualTo(500);
        for (String store : new String[] {"journalled", "published", "sealed", "indexed"}) {
            assertThat(summary.path(store).asLong()).as(store).isEqualTo(operations);
        }
        for (String some : new String[] {"findings", "alerts", "quarantined", "peakMemoryMiB"}) {
            assertThat(summary.path(some).asLong()).as(some).isPositive();
        }
        assertThat(summary.path("verified").asBoolean()).isTrue();
        assertThat(summary.path("peakMemoryMiB").asLong()).isLessThan(5 * 1024);
    }

    @Test
    @Order(2)
    void thePackIsProvenByItsAnchorAndAFlippedBitIsFound() throws Exception {
        // Given
        Path pack = home.root().resolve(home.summary().path("pack").asText());
        Path trust = home.root().resolve(home.summary().path("trust").asText());
        TrustFile anchor = TrustFile.parse(Files.readString(trust));
        byte[] altered = Files.readAllBytes(pack);
        altered[altered.length / 2] ^= 1;
        Path other = Files.write(home.root().resolve("altered.zip"), altered);
        PackVerifier verifier = new PackVerifier(Clock.systemUTC());

        // When / Then
        assertThat(verifier.verify(pack, anchor, false)).isInstanceOf(Verdict.Proven.class);
        assertThat(verifier.verify(pack, null, false)).isInstanceOf(Verdict.SignerUnproven.class);
        assertThat(verifier.verify(other, anchor, false)).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    @Order(2)
    void theEvidenceRecordIsRenewedByTheServiceThatRuns() {
        // When / Then
        assertThat(home.run("log", "renew-time", "--hash", "SHA-512")).isZero();
        assertThat(home.run("log", "renew-time", "--hash", "MD5")).isEqualTo(1);
    }

    @Test
    @Order(3)
    void everyEventIsOcsf() throws Exception {
        // Given
        Map<Integer, Integer> classes = new TreeMap<>();

        // When / Then
        home.eachSealed(entry -> {
            JsonNode json = mapper.readTree(entry);
            if (json.has("keyproof")) {
                // What the log says of itself is no event.
                assertThat(json.path("keyproof").asText()).isIn("attestation/v1", "policy/v1", "quarantine/v1");
                return;
            }
            assertThat(OcsfSchema.violations(entry)).as("%s", json).isEmpty();
            classes.merge(json.path("class_uid").asInt(), 1, Integer::sum);
        });
        assertThat(classes).containsOnlyKeys(2003, 2004, 6003);
    }

    @Test
    @Order(4)
    void everyDecisionIsMadeAgainByThePolicyInThePack() throws Exception {
        // Given
        Path pack = home.root().resolve(home.summary().path("pack").asText());
        Map<String, PolicyEngine> engines = new HashMap<>();
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            for (ZipEntry file : Collections.list(zip.entries())) {
                if (file.getName().startsWith("policy/")) {
                    try (InputStream in = zip.getInputStream(file)) {
                        PolicyEngine engine = PolicyEngine.load(PolicyBundle.of(in.readAllBytes()));
                        engines.put(engine.policyDigest() + " " + engine.dataDigest(), engine);
                    }
                }
            }
        }
        AtomicInteger decided = new AtomicInteger();

        // When / Then
        home.eachSealed(entry -> {
            JsonNode recorded = mapper.readTree(entry).at("/unmapped/keyproof/decision");
            if (recorded.isObject()) {
                String under = recorded.path("policy").asText() + " "
                        + recorded.path("data").asText();
                assertThat(engines).containsKey(under);
                assertThat(Objects.requireNonNull(engines.get(under))
                                .authorise(recorded.path("input"))
                                .result())
                        .isEqualTo(recorded.path("result"));
                decided.incrementAndGet();
            }
        });
        assertThat(decided.get())
                .isGreaterThanOrEqualTo(home.summary().path("operations").asInt());
    }

    /** As an auditor does it, who has the pack and opa and nothing of ours. */
    @Test
    @Order(4)
    void opaMakesTheSameDecisionsFromTheSourceInThePack(@TempDir Path folder) throws Exception {
        // Given
        Map<String, List<JsonNode>> sealed = new HashMap<>();
        home.eachSealed(entry -> {
            JsonNode recorded = mapper.readTree(entry).at("/unmapped/keyproof/decision");
            if (recorded.isObject()) {
                sealed.computeIfAbsent(recorded.path("policy").asText(), policy -> new ArrayList<>())
                        .add(recorded);
            }
        });

        // When / Then
        assertThat(sealed).isNotEmpty();
        try (ZipFile zip = new ZipFile(
                home.root().resolve(home.summary().path("pack").asText()).toFile())) {
            for (Map.Entry<String, List<JsonNode>> one : sealed.entrySet()) {
                String digest = one.getKey().substring(one.getKey().indexOf(':') + 1);
                try (InputStream bundle = zip.getInputStream(zip.getEntry("policy/" + digest + ".tar.gz"))) {
                    List<JsonNode> inputs = one.getValue().stream()
                            .map(recorded -> recorded.path("input"))
                            .toList();
                    assertThat(RealOpa.over(bundle.readAllBytes(), Files.createDirectory(folder.resolve(digest)))
                                    .decisions(inputs))
                            .isEqualTo(one.getValue().stream()
                                    .map(recorded -> recorded.path("result"))
                                    .toList());
                }
            }
        }
    }

    @Test
    @Order(5)
    void theConsoleShowsItToAPerson() throws Exception {
        // Given
        JsonNode summary = home.summary();
        String token = Files.readString(Path.of(home.context().consoleToken())).strip();
        Path picture = Files.createDirectories(Path.of("target/screenshots")).resolve("console.png");

        // When
        ConsoleBrowser.Look look = ConsoleBrowser.look(summary.path("console").asText(), token, picture);

        // Then
        assertThat(look.faults()).isEmpty();
        assertThat(look.charts()).containsExactlyInAnyOrder("operations", "latency", "findings");
        assertThat(look.operations())
                .isGreaterThanOrEqualTo(summary.path("operations").asLong());
        assertThat(look.findings()).isPositive();
        JsonNode state = home.context().stores().log();
        assertThat(look.logSize()).isEqualTo(state.path("size").asLong());
        assertThat(look.logRoot()).isEqualTo(state.path("root").asText());
        assertThat(picture).isNotEmptyFile();
    }

    @Test
    @Order(6)
    void aSecondUpStartsNothing() throws Exception {
        // Given
        ProcessId before = home.process("broker");

        // When
        home.up();

        // Then
        assertThat(home.process("broker")).isEqualTo(before);
        assertThat(home.run("status", "--json")).isZero();
    }

    @ParameterizedTest
    @Order(7)
    @ValueSource(strings = {"broker", "collector", "stream", "evidence"})
    void killedAmidTheWorkloadNothingThatWasAnsweredIsMissingOrTwice(String part) throws Exception {
        // Given
        try (Load load = new Load(home.context(), "killed-" + part)) {
            load.more(50);

            // When
            home.kill(part);
            if (!part.equals("broker")) {
                load.more(50);
            }
            home.up();
            load.more(50);
            load.finish();

            // Then
            assertSealedOnce(load.broker());
            assertIndexed("killed-" + part);
        }
    }

    @Test
    @Order(8)
    void kafkaStoppedForThirtySecondsTheBrokerGoesOnAndEverythingDrains() throws Exception {
        // Given
        try (Load load = new Load(home.context(), "without-kafka")) {
            home.stop("kafka");

            // When
            Instant until = Instant.now().plus(OUTAGE);
            while (Instant.now().isBefore(until)) {
                load.more(20);
            }
            home.up();
            load.finish();

            // Then
            assertThat(load.broker().unanswered()).isZero();
            assertSealedOnce(load.broker());
            assertIndexed("without-kafka");
        }
    }

    @Test
    @Order(9)
    void openSearchStoppedEverythingIsSealedAndIndexedLater() throws Exception {
        // Given
        try (Load load = new Load(home.context(), "without-opensearch")) {
            home.stop("opensearch");

            // When
            load.more(100);
            load.finish();
            assertSealedOnce(load.broker());
            home.up();

            // Then
            assertThat(load.broker().unanswered()).isZero();
            assertIndexed("without-opensearch");
        }
    }

    @Test
    @Order(10)
    void whatCannotStartSaysWhyAndLeavesNothingRunning() throws Exception {
        // Given
        assertThat(home.run("down")).isZero();
        Path pin = home.root().resolve("secrets/broker.pin");
        String right = Files.readString(pin);

        // When / Then
        int console = home.context().config().ports().console();
        try (ServerSocket _ = new ServerSocket(console, 1, InetAddress.getLoopbackAddress())) {
            assertThat(home.complaint("up")).contains("port " + console + " (console of console) is taken");
        }
        assertThat(home.context().house().pids()).isEmpty();

        Files.writeString(pin, "0000");
        assertThat(home.complaint("up")).contains("broker stopped").containsIgnoringCase("PIN");
        assertThat(home.context().house().pids()).isEmpty();
        Files.writeString(pin, right);
    }

    @Test
    @Order(11)
    void aSecondUpContinuesOnTheSameData() throws Exception {
        // Given
        Map<String, Integer> before = home.sealedRecords();

        // When
        home.up();
        try (Load load = new Load(home.context(), "after-down")) {
            load.more(20);
            load.finish();

            // Then
            assertSealedOnce(load.broker());
        }
        assertThat(home.sealedRecords()).containsAllEntriesOf(before);
    }

    /** Each record that an answer named is in the published log, once; and none of any broker's is there twice. */
    private void assertSealedOnce(BrokerClient broker) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            Map<String, Integer> sealed = home.sealedRecords();
            assertThat(broker.records())
                    .isNotEmpty()
                    .allSatisfy(record -> assertThat(sealed).containsKey(record));
            assertThat(sealed.values()).allMatch(times -> times == 1);
        });
    }

    /** The index has what the journal has. */
    private void assertIndexed(String run) throws LauncherException {
        Stores stores = home.context().stores();
        long journalled = stores.journalled(run);
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> stores.indexed("keyproof-events", Stores.ofRun(run)) == journalled);
    }
}
