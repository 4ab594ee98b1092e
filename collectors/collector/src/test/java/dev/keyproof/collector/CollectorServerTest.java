package dev.keyproof.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.publish.PublishException;
import dev.keyproof.collector.publish.Publisher;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Outgoing;
import dev.keyproof.collector.testing.KafkaServer;
import dev.keyproof.event.EventCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, from a real journal and real files to a real Kafka. */
@Tag("server")
@Timeout(120)
final class CollectorServerTest {
    private static final String RUN = "run-1";

    private final Path dir;
    private final ObjectMapper mapper = new EventCodec().mapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private KafkaServer kafka;

    CollectorServerTest(@TempDir Path dir) throws IOException {
        this.dir = dir;
        this.kafka = KafkaServer.start(dir.resolve("kafka"));
    }

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(dir.resolve("collector.yaml"), """
                kafka: {bootstrap.servers: "%s"}
                journals: [{directory: "%s"}]
                cloudtrail: [{directory: "%s", source: aws-demo, scanMillis: 200}]
                """.formatted(
                        kafka.bootstrap(), dir.resolve("broker-1"), dir.resolve("trail")));
    }

    @AfterEach
    void stop() {
        kafka.close();
        http.close();
    }

    @Test
    void everythingArrivesOnceAndUnchangedWhateverIsStopped() throws Exception {
        copyExamples();
        try (JournalFixture journal = new JournalFixture(dir.resolve("broker-1"), RUN)) {
            journal.operations(300);
            journal.signHead();
            try (Running first = new Running()) {
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> census("published") == 300 && census("observed") == 55);
                assertThat(first.health().path("status").asText()).isEqualTo("UP");
            }
            journal.operations(200);
            journal.signHead();
            try (Running second = new Running()) {
                await().atMost(Duration.ofSeconds(40)).until(() -> census("published") == 500);

                kafka.stop();
                journal.operations(100);
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> second.health().path("status").asText().equals("DEGRADED")
                                && second.health().path("lag").asLong() == 100);
                kafka.start();
                await().atMost(Duration.ofSeconds(60)).until(() -> census("published") == 600);
                await().until(() -> second.health().path("status").asText().equals("UP"));
                assertThat(second.health().at("/sources/0/lag").asLong()).isZero();
            }

            assertThat(journalRecords()).isEqualTo(texts(journal.entries()));
            assertThat(census("duplicates")).isZero();
            assertThat(census("quarantined")).isEqualTo(2);
            assertThat(kafka.committed("attestations"))
                    .hasSize(2)
                    .allSatisfy(head ->
                            assertThat(new String(head.value(), UTF_8)).startsWith("keyproof/journal/broker-1/"));
            assertThat(kafka.committed("quarantine"))
                    .allSatisfy(record -> assertThat(record.headers())
                            .extracting(header -> header.key())
                            .contains("reason", "origin", "place", "time"));
        }
    }

    @Test
    void killedAtAnyMomentItGoesOnWhereItWas() throws Exception {
        try (JournalFixture journal = new JournalFixture(dir.resolve("broker-1"), RUN)) {
            for (int kill = 1; kill <= 3; kill++) {
                journal.operations(400);
                Process child = child();
                long some = (kill - 1) * 400L;
                await().atMost(Duration.ofSeconds(40))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> uncommitted() > some);
                journal.operations(100);
                child.destroyForcibly().waitFor();
            }
            Process last = child();
            await().atMost(Duration.ofSeconds(60)).until(() -> census("published") == journal.size());
            last.destroy();

            assertThat(last.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(journalRecords()).isEqualTo(texts(journal.entries()));
            assertThat(census("duplicates")).isZero();
        }
    }

    @Test
    void theYoungerOfTwoCollectorsOfOneInstanceFencesTheElder() throws Exception {
        Batch batch = new Batch(
                List.of(Outgoing.event("k", "{}".getBytes(UTF_8))),
                Map.of("p", mapper.createObjectNode().put("next", 1)));
        try (Publisher elder = publisher();
                Publisher younger = publisher()) {
            elder.open();
            elder.publish(batch);

            Map<String, ObjectNode> positions = younger.open();

            assertThat(positions).containsOnlyKeys("p");
            assertThatExceptionOfType(PublishException.class)
                    .isThrownBy(() -> elder.publish(batch))
                    .matches(PublishException::superseded);
            younger.publish(batch);
            assertThat(kafka.committed("key-events")).hasSize(2);
        }
    }

    private Publisher publisher() throws PublishException {
        return Publisher.of(kafka.clientConfig(), "collector-1", mapper, Clock.systemUTC());
    }

    private void copyExamples() throws IOException {
        Path trail = Files.createDirectory(dir.resolve("trail"));
        try (var files = Files.walk(Path.of("target/test-classes/cloudtrail"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, trail.resolve(file.getFileName()));
            }
        }
    }

    private long census(String count) {
        return new TopicCensus(kafka.clientConfig(), RUN).take().path(count).asLong();
    }

    private long uncommitted() {
        return kafka.committed("key-events").size();
    }

    private List<String> journalRecords() {
        return kafka.committed("key-events").stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, UTF_8))
                .filter(text -> text.contains("\"kind\":\"operation\""))
                .toList();
    }

    private static List<String> texts(List<byte[]> entries) {
        return entries.stream().map(entry -> new String(entry, UTF_8)).toList();
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Collector.class.getName(),
                        dir.resolve("collector.yaml").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir.resolve("child.log").toFile()))
                .start();
    }

    /** A collector in this process, on a thread of its own. */
    private final class Running implements AutoCloseable {
        private final Collector collector;
        private final CompletableFuture<Integer> exit;

        Running() throws IOException, ConfigException {
            collector = Collector.of(CollectorConfig.read(dir.resolve("collector.yaml")), Clock.systemUTC());
            exit = CompletableFuture.supplyAsync(() -> {
                try {
                    return collector.run(new CountDownLatch(1));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        JsonNode health() throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.port() + "/health"))
                    .build();
            return mapper.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
        }

        @Override
        public void close() {
            collector.stop();
            assertThat(exit.orTimeout(10, TimeUnit.SECONDS).join()).isZero();
        }
    }
}
