package dev.keyproof.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.collector.testing.KafkaServer;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.stream.TestingEvents.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in a process of its own, against a real Kafka. */
@Tag("server")
final class StreamJobServerTest {
    private static final Path LOG = Path.of("target", "stream-job.log");

    private static KafkaServer kafka;

    @TempDir
    private static Path kafkaDir;

    @TempDir
    private Path dir;

    private final long now = System.currentTimeMillis();
    private String suffix;

    @BeforeAll
    static void startKafka() throws IOException {
        kafka = KafkaServer.start(kafkaDir);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void topics() {
        suffix = "-" + Long.toHexString(System.nanoTime());
        kafka.createTopics("key-events" + suffix, "findings" + suffix, "alerts" + suffix, "slo" + suffix);
    }

    private Path settings(int port) throws IOException {
        return TestingSettings.write(dir, kafka.bootstrap(), """
                group: stream%1$s
                transactions: stream%1$s
                topics: {events: key-events%1$s, findings: findings%1$s, alerts: alerts%1$s, slo: slo%1$s}
                detectors: {burst: {seconds: 10, limits: {Decrypt: 50}}}
                http: {port: %2$d}
                """.formatted(suffix, port));
    }

    private void send(List<byte[]> events) {
        kafka.send("key-events" + suffix, "key", events);
    }

    private List<JsonNode> committed(String topic) {
        JsonMapper json = JsonMapper.builder().build();
        return kafka.committed(topic + suffix).stream()
                .map(record -> {
                    try {
                        return json.readTree(record.value());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void findingsAlertsAndWindowsComeOutAndAreOcsf() throws Exception {
        // Given
        int port = TestingProcess.freePort();
        List<byte[]> events = new ArrayList<>();
        events.add(TestingEvents.outcome(
                "u0", Call.of(KeyOperation.CREATE_KEY, "key-a", now).leaving(TestingEvents.state("key-a", now))));
        for (int i = 0; i < 60; i++) {
            events.add(TestingEvents.outcome("d" + i, Call.of(KeyOperation.DECRYPT, "key-a", now + 1 + i)));
        }
        events.add(TestingEvents.cloudTrail(
                "c1", "ScheduleKeyDeletion", Call.of(KeyOperation.SCHEDULE_DESTRUCTION, "arn:aws:kms:x", now)));
        events.add("{\"class_uid\":6003".getBytes(StandardCharsets.UTF_8));
        send(events);

        // When
        JsonNode health;
        int exit;
        try (TestingProcess job = TestingProcess.job(settings(port), LOG)) {
            health = TestingProcess.awaitDrained(port);
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(15))
                    .until(() -> committed("slo").size() >= 2);
            exit = job.terminate();
        }

        // Then
        assertThat(exit).isIn(0, 143);
        assertThat(health.path("lag").asLong()).isZero();
        assertThat(kafka.committed("findings" + suffix))
                .allSatisfy(record ->
                        assertThat(OcsfSchema.violations(record.value())).isEmpty());
        assertThat(committed("findings"))
                .extracting(finding -> finding.at("/finding_info/analytic/uid").asText())
                .contains(
                        "key-use-burst",
                        "aws-kms-key-disabled-or-scheduled-for-deletion",
                        "malformed-event",
                        "lifecycle/cryptoperiod");
        assertThat(committed("alerts"))
                .extracting(finding -> finding.at("/finding_info/analytic/uid").asText())
                .containsExactlyInAnyOrder("key-use-burst", "aws-kms-key-disabled-or-scheduled-for-deletion");
        assertThat(committed("slo").stream()
                        .filter(window -> window.path("operation").asText().equals("Decrypt"))
                        .mapToLong(window -> window.path("count").asLong())
                        .sum())
                .isEqualTo(60);
    }

    @Test
    void killedAmidTheStreamItGoesOnWithNothingLostAndNothingTwice() throws Exception {
        // Given
        int port = TestingProcess.freePort();
        int keys = 400;
        Path settings = settings(port);

        // When
        try (TestingProcess job = TestingProcess.job(settings, LOG)) {
            send(creations(0, keys / 2));
            TestingProcess.awaitDrained(port);
            Thread feeder = new Thread(() -> send(creations(keys / 2, keys)));
            feeder.start();
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .pollInterval(java.time.Duration.ofMillis(5))
                    .until(() -> kafka.committed("alerts" + suffix).size() > keys / 2);
            job.kill();
            feeder.join();
        }
        JsonNode health;
        try (TestingProcess job = TestingProcess.job(settings, LOG)) {
            health = TestingProcess.awaitDrained(port);
            assertThat(job.alive()).isTrue();
        }

        // Then
        assertThat(health.path("restored").asText()).contains("chk-");
        List<String> uids = committed("findings").stream()
                .map(finding -> finding.at("/metadata/uid").asText())
                .toList();
        assertThat(uids).doesNotHaveDuplicates();
        assertThat(committed("findings").stream()
                        .filter(finding -> finding.path("class_uid").asInt() == 2004)
                        .map(finding -> finding.at("/resources/0/uid").asText())
                        .distinct())
                .hasSize(keys);
        assertThat(committed("alerts").stream()
                        .map(finding -> finding.at("/metadata/uid").asText())
                        .distinct())
                .hasSize(keys);
        long perKey = committed("findings").stream()
                .filter(finding -> finding.path("class_uid").asInt() == 2003)
                .filter(finding -> finding.at("/resources/0/uid").asText().equals("key-0"))
                .count();
        assertThat(perKey).isPositive();
        // Beside them stands what the rules say of the one caller.
        assertThat(committed("findings").stream()
                        .filter(finding ->
                                finding.at("/resources/0/type").asText().equals("key")))
                .hasSize((int) (keys * (perKey + 1)));
        assertThat(committed("findings"))
                .filteredOn(finding -> finding.at("/resources/0/uid").asText().equals("app-1"))
                .extracting(finding -> finding.at("/compliance/control").asText())
                .contains("separation/conflicting_roles", "separation/administrator_uses_keys");
    }

    private List<byte[]> creations(int from, int to) {
        List<byte[]> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String key = "key-" + i;
            events.add(TestingEvents.outcome(
                    "n" + i,
                    Call.of(KeyOperation.CREATE_KEY, key, now + i).leaving(TestingEvents.state(key, now + i))));
            events.add(
                    TestingEvents.cloudTrail("c" + i, "DisableKey", Call.of(KeyOperation.DISABLE_KEY, key, now + i)));
        }
        return events;
    }
}
