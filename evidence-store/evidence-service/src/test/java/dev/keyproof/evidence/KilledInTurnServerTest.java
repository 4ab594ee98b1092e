package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.collector.testing.KafkaServer;
import dev.keyproof.evidence.remote.RestoreCommand;
import dev.keyproof.evidence.testing.Peers;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.PolicyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service, Kafka and S3 are killed in turn while records come in, and come back each time on what they had on disk. */
@Tag("server")
final class KilledInTurnServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern PORT = Pattern.compile("event=started port=([0-9]+)");
    private static final String SOURCE = "in-turn";
    private static final int KILLS = 9;
    private static final int BATCH = 50;

    @TempDir
    private Path dir;

    private int starts;

    @Test
    void nothingIsLostAndNothingIsSealedTwice() throws Exception {
        Random random = new Random(20261127);
        Path home = Files.createDirectories(dir.resolve("home"));
        try (TestingHouse house = new TestingHouse(dir, KafkaServer.apart(dir.resolve("kafka")));
                Peers.Server s3 = Peers.versitygw(Files.createDirectories(dir.resolve("s3")));
                TestingJournal journal = journal(house)) {
            s3.bucket("evidence", true);
            Path config = house.config(home, s3);
            Process service = started(house, config);
            try (Load load = new Load(house.kafka, journal)) {
                load.start();

                // When
                for (int kill = 0; kill < KILLS; kill++) {
                    load.awaitMore(BATCH + random.nextInt(10 * BATCH));
                    switch (kill % 3) {
                        case 0 -> {
                            service.destroyForcibly().waitFor();
                            service = started(house, config);
                        }
                        case 1 -> {
                            house.kafka.stop();
                            house.kafka.start();
                        }
                        default -> {
                            s3.kill();
                            load.awaitMore(BATCH);
                            s3.restart();
                        }
                    }
                }
                load.awaitMore(BATCH);
            }
            int port = port(service);
            long sent = journal.head().size();
            await().atMost(PATIENCE).until(() -> house.attested(port, SOURCE) == sent);

            // Then
            assertThat(service.isAlive()).isTrue();
            JsonNode built = house.post(port, "/v1/packs", "{}");
            Path trust = Path.of(built.path("trust").asText());
            TestingHouse.proven(built);
            long packed = built.path("size").asLong();
            await().atMost(PATIENCE)
                    .until(() -> house.get(port, "/v1/state")
                                    .at("/remote/copied/" + Year.now(ZoneOffset.UTC))
                                    .asLong()
                            >= packed);
            service.destroyForcibly().waitFor();
            List<Long> sealed = sequences(home);
            assertThat(sealed).doesNotHaveDuplicates().hasSize((int) sent);
            assertThat(sealed.stream().sorted().toList())
                    .isEqualTo(LongStream.range(0, sent).boxed().toList());
            Path restored = Files.createDirectories(dir.resolve("restored"));
            assertThat(TestingHouse.restore(RestoreCommand.commandLine(), home, s3, restored, trust))
                    .isZero();
            List<byte[]> copy = entries(restored);
            assertThat(copy).hasSizeGreaterThanOrEqualTo((int) packed);
            assertThat(copy).containsExactlyElementsOf(entries(home).subList(0, copy.size()));
        }
    }

    /** Sends a journal's records and heads to Kafka, each until it is acknowledged, as brokers do. */
    private static final class Load implements AutoCloseable {
        private final KafkaServer kafka;
        private final TestingJournal journal;
        private final Thread thread = Thread.ofPlatform().name("load").unstarted(this::run);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicLong acknowledged = new AtomicLong();
        private volatile boolean ended;

        Load(KafkaServer kafka, TestingJournal journal) {
            this.kafka = kafka;
            this.journal = journal;
        }

        void start() {
            thread.start();
        }

        void awaitMore(long records) {
            long goal = acknowledged.get() + records;
            await().atMost(PATIENCE).until(() -> acknowledged.get() >= goal || failure.get() != null);
            assertThat(failure.get()).isNull();
        }

        private void run() {
            try {
                while (!ended) {
                    List<byte[]> records = journal.append(BATCH, "run-" + SOURCE);
                    byte[] head = journal.head().note().bytes();
                    while (!sent(records, head)) {
                        // Whoever sends does not know whether the broker has it: all of it is sent again.
                    }
                    acknowledged.addAndGet(records.size());
                }
            } catch (Exception e) {
                failure.set(e);
            }
        }

        private boolean sent(List<byte[]> records, byte[] head) throws InterruptedException {
            Map<String, Object> config = new HashMap<>(kafka.clientConfig());
            config.put("acks", "all");
            config.put("linger.ms", "0");
            config.put("request.timeout.ms", "3000");
            config.put("delivery.timeout.ms", "6000");
            config.put("max.block.ms", "6000");
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
                List<Future<?>> futures = new ArrayList<>();
                records.forEach(record ->
                        futures.add(producer.send(new ProducerRecord<>("key-events", "K1".getBytes(UTF_8), record))));
                futures.add(producer.send(new ProducerRecord<>("attestations", SOURCE.getBytes(UTF_8), head)));
                for (Future<?> future : futures) {
                    future.get();
                }
                return true;
            } catch (ExecutionException | KafkaException e) {
                return false;
            }
        }

        @Override
        public void close() {
            ended = true;
            await().atMost(PATIENCE).until(() -> !thread.isAlive());
        }
    }

    private TestingJournal journal(TestingHouse house) throws Exception {
        PolicyBundle bundle = PolicyBundle.read(house.policy);
        TestingJournal journal = new TestingJournal(
                dir.resolve("journals"), SOURCE, bundle.digest(), String.valueOf(bundle.dataDigest()));
        Files.writeString(house.journalKeys(), journal.vkey() + "\n");
        return journal;
    }

    private Process started(TestingHouse house, Path config) throws IOException {
        return house.process(config, dir.resolve("service-" + starts++ + ".out"));
    }

    private int port(Process service) {
        Path out = dir.resolve("service-" + (starts - 1) + ".out");
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(service.isAlive()).isTrue();
                            Matcher port = PORT.matcher(Files.readString(out));
                            return port.find() ? Integer.parseInt(port.group(1)) : 0;
                        },
                        port -> port > 0);
    }

    private static List<Long> sequences(Path home) throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<Long> sequences = new ArrayList<>();
        for (byte[] entry : entries(home)) {
            JsonNode metadata = json.readTree(entry).path("metadata");
            if (metadata.path("source").asText().equals(SOURCE)) {
                sequences.add(metadata.path("sequence").asLong());
            }
        }
        return sequences;
    }

    private static List<byte[]> entries(Path home) throws Exception {
        Path log = home.resolve("log").resolve(Year.now(ZoneOffset.UTC).toString());
        List<byte[]> entries = new ArrayList<>();
        try (SealedLogReader reader = SealedLogReader.open(log)) {
            while (entries.size() < reader.durableSize()) {
                entries.addAll(reader.read(entries.size(), 4096));
            }
        }
        return entries;
    }
}
