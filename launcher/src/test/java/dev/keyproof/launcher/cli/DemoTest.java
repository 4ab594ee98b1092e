package dev.keyproof.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.process.ProcessId;
import dev.keyproof.launcher.workload.BrokerClient;
import dev.keyproof.launcher.workload.Stores;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demonstration, and then bad days on the same installation: one start serves them all, so they have an order. */
@Tag("deep")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private final TestingHome home;

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
    @Order(3)
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
    @Order(4)
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
    @Order(5)
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
    @Order(6)
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
    @Order(7)
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
    @Order(8)
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
