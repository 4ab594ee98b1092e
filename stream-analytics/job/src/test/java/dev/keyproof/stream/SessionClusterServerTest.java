package dev.keyproof.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.collector.testing.KafkaServer;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.stream.TestingEvents.Call;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same job on a session cluster of plain processes. */
@Tag("server")
final class SessionClusterServerTest {
    private static final Path LOG = Path.of("target", "session-cluster.log");
    private static final String CONFIG = Path.of("cluster").toAbsolutePath().toString();

    @TempDir
    private Path dir;

    @Test
    void theJobRunsOnItAndOutlivesWhoSubmittedIt() throws Exception {
        // Given
        long now = System.currentTimeMillis();
        int rest = TestingProcess.freePort();
        int rpc = TestingProcess.freePort();
        int health = TestingProcess.freePort();
        String address = "127.0.0.1:" + rest;
        String[] ports = {
            "--configDir",
            CONFIG,
            "-D",
            "rest.port=" + rest,
            "-D",
            "rest.bind-port=" + rest,
            "-D",
            "jobmanager.rpc.port=" + rpc
        };
        try (KafkaServer kafka = KafkaServer.start(dir.resolve("kafka"));
                TestingProcess manager = TestingProcess.start(
                        LOG,
                        List.of("-Xmx256m"),
                        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                        ports);
                TestingProcess tasks = TestingProcess.start(
                        LOG, List.of("-Xmx384m"), "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", ports)) {
            kafka.createTopics("key-events", "findings", "alerts", "slo");
            Path settings = TestingSettings.write(dir, kafka.bootstrap(), "http: {port: %d}".formatted(health));
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> slots(address) > 0);
            kafka.send("key-events", "k", List.of(alarm("c1", now)));

            // When
            JsonNode first;
            try (TestingProcess submitter = TestingProcess.job(settings, LOG, "--jobmanager", address)) {
                first = TestingProcess.awaitDrained(health);
                submitter.kill();
            }
            kafka.send("key-events", "k", List.of(alarm("c2", now)));
            JsonNode second;
            try (TestingProcess submitter = TestingProcess.job(settings, LOG, "--jobmanager", address)) {
                second = TestingProcess.awaitDrained(health);
                submitter.kill();
            }

            // Then
            assertThat(manager.alive() && tasks.alive()).isTrue();
            assertThat(second.at("/checkpoints/completed").asLong())
                    .isGreaterThan(first.at("/checkpoints/completed").asLong());
            assertThat(kafka.committed("findings")).hasSize(2);
            assertThat(kafka.committed("alerts")).hasSize(2);
        }
    }

    private static byte[] alarm(String uid, long now) {
        return TestingEvents.cloudTrail(uid, "DisableKey", Call.of(KeyOperation.DISABLE_KEY, "arn:aws:kms:x", now));
    }

    private static int slots(String address) throws Exception {
        try (var in = URI.create("http://" + address + "/overview").toURL().openStream()) {
            return JsonMapper.builder()
                    .build()
                    .readTree(in)
                    .path("slots-available")
                    .asInt();
        }
    }
}
