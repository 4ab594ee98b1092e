package dev.keyproof.collector;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.collector.testing.KafkaServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A journal that lies there is published by the collector, each batch a transaction with its position; beside it the same bytes by a
 * bare transactional producer that has them in memory. The Kafka server is a process of its own. The last line is JSON; takes about
 * half a minute.
 */
public final class CollectBench {
    private static final int EVENTS = 200_000;
    private static final int AT_ONCE = 10_000;
    /** Records of a transaction of the bare producer. */
    private static final int TRANSACTION = 1_000;

    private CollectBench() {}

    public static void main(String[] arguments) throws Exception {
        Path dir = Files.createTempDirectory("keyproof-collect-");
        String row;
        try (KafkaServer kafka = KafkaServer.start(dir.resolve("kafka"))) {
            row = run(dir, kafka);
        } finally {
            try (Stream<Path> files = Files.walk(dir)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        System.out.println(row);
    }

    private static String run(Path dir, KafkaServer kafka) throws Exception {
        Path journalFolder = dir.resolve("broker-1");
        List<byte[]> entries;
        try (JournalFixture journal = new JournalFixture(journalFolder, "bench")) {
            for (int i = 0; i < EVENTS; i += AT_ONCE) {
                journal.operations(AT_ONCE);
            }
            entries = journal.entries();
        }
        double bytes =
                entries.stream().mapToLong(entry -> entry.length).average().orElseThrow();
        System.out.printf(Locale.ROOT, "%d events of %.0f bytes%n", entries.size(), bytes);
        kafka.createTopics("bare");
        bare(kafka, entries.subList(0, EVENTS / 4));
        double raw = bare(kafka, entries);
        System.out.printf(Locale.ROOT, "bare producer: %.0f events/s%n", raw);
        double ours = collector(dir, kafka, journalFolder);
        System.out.printf(Locale.ROOT, "collector: %.0f events/s%n", ours);
        return String.format(
                Locale.ROOT,
                "[{\"name\":\"journal-to-kafka\",\"value\":%.0f,\"unit\":\"events/s\",\"against\":\"bare transactional"
                        + " producer: %.0f events/s of the same %.0f bytes\",\"ratio\":%.3f}]",
                ours,
                raw,
                bytes,
                ours / raw);
    }

    private static double bare(KafkaServer kafka, List<byte[]> entries) {
        Map<String, Object> config = new HashMap<>(kafka.clientConfig());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bare");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        byte[] key = new byte[26];
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            long begun = System.nanoTime();
            for (int i = 0; i < entries.size(); i += TRANSACTION) {
                producer.beginTransaction();
                for (byte[] entry : entries.subList(i, Math.min(i + TRANSACTION, entries.size()))) {
                    var _ = producer.send(new ProducerRecord<>("bare", key, entry));
                }
                producer.commitTransaction();
            }
            return entries.size() / ((System.nanoTime() - begun) / 1e9);
        }
    }

    private static double collector(Path dir, KafkaServer kafka, Path journal) throws Exception {
        Path file = Files.writeString(dir.resolve("collector.yaml"), """
                kafka: {bootstrap.servers: "%s"}
                journals: [{directory: "%s"}]
                """.formatted(kafka.bootstrap(), journal));
        Collector collector = Collector.of(CollectorConfig.read(file), Clock.systemUTC());
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> {
            try {
                return collector.run(new CountDownLatch(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (HttpClient http = HttpClient.newHttpClient()) {
            long first = lag(http, collector);
            while (first == 0 || first > EVENTS - EVENTS / 20) {
                LockSupport.parkNanos(10_000_000);
                first = lag(http, collector);
            }
            long begun = System.nanoTime();
            while (lag(http, collector) > 0) {
                LockSupport.parkNanos(10_000_000);
            }
            return first / ((System.nanoTime() - begun) / 1e9);
        } finally {
            collector.stop();
            exit.join();
        }
    }

    private static long lag(HttpClient http, Collector collector) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.port() + "/health"))
                .build();
        return new ObjectMapper()
                .readTree(http.send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .body())
                .path("lag")
                .asLong();
    }
}
