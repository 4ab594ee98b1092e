package dev.keyproof.stream.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keyproof.collector.testing.KafkaServer;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.stream.TestingEvents;
import dev.keyproof.stream.TestingEvents.Call;
import dev.keyproof.stream.TestingProcess;
import dev.keyproof.stream.TestingSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events per second of the whole job, from Kafka to Kafka, against reading and parsing alone; and how long an alert takes while
 * 2,000 events per second pass. The job is a process of its own; the Kafka broker stands beside it on the same cores. An event
 * that raises an alert at once marks the beginning and the end of what is timed.
 */
public final class StreamBench {
    private static final int WARM = 60_000;
    private static final int TIMED = 200_000;
    private static final int KEYS = 200;
    private static final int LIVE_RATE = 2_000;
    private static final int LIVE_SECONDS = 12;
    private static final int LIVE_ALERT_EVERY = 100;
    private static final long PATIENCE_S = 60;
    private static final KeyOperation[] OPERATIONS = {KeyOperation.ENCRYPT, KeyOperation.DECRYPT, KeyOperation.SIGN};

    private final Path dir;
    private final KafkaServer kafka;

    private StreamBench(Path dir, KafkaServer kafka) {
        this.dir = dir;
        this.kafka = kafka;
    }

    public static void main(String[] args) throws Exception {
        Path dir = Files.createTempDirectory("keyproof-stream-bench");
        try (KafkaServer kafka = KafkaServer.start(dir.resolve("kafka"))) {
            StreamBench bench = new StreamBench(dir, kafka);
            String rows = args.length > 0 && args[0].equals("alerts") ? bench.alertsOnly() : bench.run();
            System.out.println(rows);
        } finally {
            try (var files = Files.walk(dir)) {
                for (Path path :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
        System.exit(0);
    }

    private String run() throws Exception {
        kafka.createTopics("key-events", "live", "findings", "slo");
        long bytes = fill();
        System.out.printf("%,d events of %d B, %d keys%n", WARM + TIMED, bytes / (WARM + TIMED), KEYS);
        double count = throughput("parse-and-count", "hashmap");
        double heap = throughput("heap", "hashmap");
        double rocksdb = throughput("rocksdb", "rocksdb");
        ArrayNode rows = JsonMapper.builder().build().createArrayNode();
        rows.addObject()
                .put("name", "parse-and-count")
                .put("value", Math.round(count))
                .put("unit", "events/s");
        row(rows, "heap", heap, count);
        row(rows, "rocksdb", rocksdb, count);
        latencyRows(rows);
        return rows.toString();
    }

    private String alertsOnly() throws Exception {
        kafka.createTopics("live", "findings", "slo");
        ArrayNode rows = JsonMapper.builder().build().createArrayNode();
        latencyRows(rows);
        return rows.toString();
    }

    private void latencyRows(ArrayNode rows) throws Exception {
        double[] latency = latency();
        rows.addObject().put("name", "alert-p50-ms").put("value", latency[0]).put("unit", "ms");
        rows.addObject().put("name", "alert-p99-ms").put("value", latency[1]).put("unit", "ms");
    }

    private static void row(ArrayNode rows, String name, double value, double against) {
        rows.addObject()
                .put("name", name)
                .put("value", Math.round(value))
                .put("unit", "events/s")
                .put("against", "parse-and-count")
                .put("ratio", Math.round(value / against * 1000) / 1000.0);
    }

    private static byte[] mark(String uid, long time) {
        return TestingEvents.cloudTrail(uid, "DisableKey", Call.of(KeyOperation.DISABLE_KEY, "arn:" + uid, time));
    }

    private static byte[] event(int i, long time) {
        Call call = Call.of(OPERATIONS[i % OPERATIONS.length], "key-" + i % KEYS, time)
                .took(100 + i % 5_000)
                .by("app-" + i % 7);
        return TestingEvents.outcome("e" + i, call);
    }

    private long fill() throws InterruptedException, ExecutionException {
        long start = System.currentTimeMillis();
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(20)) {
            for (int i = 0; i < WARM + TIMED; i++) {
                if (i == WARM) {
                    send(producer, new ProducerRecord<>("key-events", mark("begin", start)));
                }
                byte[] event = event(i, start + i / 100);
                bytes += event.length;
                send(
                        producer,
                        new ProducerRecord<>(
                                "key-events", ("key-" + i % KEYS).getBytes(StandardCharsets.UTF_8), event));
            }
            producer.send(new ProducerRecord<>("key-events", mark("end", start)))
                    .get();
        }
        return bytes;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells
    private static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        producer.send(record, StreamBench::complain);
    }

    private static void complain(RecordMetadata record, @Nullable Exception failure) {
        if (failure != null) {
            failure.printStackTrace();
        }
    }

    private KafkaProducer<byte[], byte[]> producer(int lingerMs) {
        Map<String, Object> config = new HashMap<>(kafka.clientConfig());
        config.put("acks", "1");
        config.put("linger.ms", lingerMs);
        config.put("compression.type", "none");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Path settings(String name, String events, String state) throws IOException {
        Path own = Files.createDirectories(dir.resolve(name));
        kafka.createTopics("alerts-" + name);
        Path file = TestingSettings.write(own, kafka.bootstrap(), "");
        return Files.writeString(file, """
                kafka: {bootstrap.servers: "%1$s"}
                group: %2$s
                transactions: %2$s
                topics: {events: %3$s, alerts: alerts-%2$s}
                policy: {bundle: "%4$s"}
                checkpoints: {directory: "%5$s"}
                flink: {state: %6$s}
                detectors: {burst: {limits: {Encrypt: 1000000, Decrypt: 1000000, Sign: 1000000}}}
                """.formatted(
                kafka.bootstrap(), name, events, own.resolve("bundle.tar.gz"), own.resolve("checkpoints"), state));
    }

    private static TestingProcess start(String name, Path settings) throws IOException {
        Path log = settings.resolveSibling("log");
        List<String> jvm = List.of("-Xmx512m", "-XX:TieredStopAtLevel=4");
        return name.equals("parse-and-count")
                ? TestingProcess.start(log, jvm, "dev.keyproof.stream.ParseAndCount", settings.toString())
                : TestingProcess.start(log, jvm, "dev.keyproof.stream.StreamJob", "--config", settings.toString());
    }

    private double throughput(String name, String state) throws Exception {
        Path settings = settings(name, "key-events", state);
        try (TestingProcess job = start(name, settings);
                KafkaConsumer<byte[], byte[]> alerts = alerts(name)) {
            long begin = awaitAlert(alerts, settings);
            long end = awaitAlert(alerts, settings);
            double rate = TIMED / ((end - begin) / 1e9);
            System.out.printf("%-16s %,10.0f events/s%n", name, rate);
            job.kill();
            return rate;
        }
    }

    private KafkaConsumer<byte[], byte[]> alerts(String name) {
        Map<String, Object> config = new HashMap<>(kafka.clientConfig());
        config.put("fetch.max.wait.ms", 20);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition("alerts-" + name, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private static long awaitAlert(KafkaConsumer<byte[], byte[]> alerts, Path settings) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (System.nanoTime() < deadline) {
            var records = alerts.poll(Duration.ofMillis(100));
            if (!records.isEmpty()) {
                return System.nanoTime();
            }
        }
        throw new IllegalStateException("no alert: " + Files.readString(settings.resolveSibling("log")));
    }

    /** Milliseconds from the send of the event to the receipt of its alert: median and 99th percentile. */
    private double[] latency() throws Exception {
        Path settings = settings("live", "live", "hashmap");
        List<Double> taken = new ArrayList<>();
        try (TestingProcess job = start("live", settings);
                KafkaConsumer<byte[], byte[]> alerts = alerts("live");
                KafkaProducer<byte[], byte[]> producer = producer(0)) {
            producer.send(new ProducerRecord<>("live", mark("warm", System.currentTimeMillis())))
                    .get();
            awaitAlert(alerts, settings);
            Map<String, Long> sent = new java.util.concurrent.ConcurrentHashMap<>();
            Thread sender = new Thread(() -> load(producer, sent), "load");
            sender.start();
            int expected = LIVE_RATE * LIVE_SECONDS / LIVE_ALERT_EVERY;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIVE_SECONDS + 20);
            while (taken.size() < expected && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> alert : alerts.poll(Duration.ofMillis(100))) {
                    long now = System.nanoTime();
                    Long at = sent.remove(new String(alert.key(), StandardCharsets.UTF_8));
                    if (at != null) {
                        taken.add((now - at) / 1e6);
                    }
                }
            }
            sender.join();
            job.kill();
        }
        // The first quarter warms the code up.
        double[] sorted = taken.subList(taken.size() / 4, taken.size()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        System.out.printf("alerts           %d of %d%n", taken.size(), LIVE_RATE * LIVE_SECONDS / LIVE_ALERT_EVERY);
        return Arrays.stream(new double[] {0.50, 0.99})
                .map(q -> Math.round(sorted[(int) Math.min(sorted.length - 1L, Math.round(q * sorted.length))] * 10)
                        / 10.0)
                .toArray();
    }

    private static void load(KafkaProducer<byte[], byte[]> producer, Map<String, Long> sent) {
        long start = System.nanoTime();
        for (int i = 0; i < LIVE_RATE * LIVE_SECONDS; i++) {
            long due = start + i * 1_000_000_000L / LIVE_RATE;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(200_000);
            }
            long time = System.currentTimeMillis();
            if (i % LIVE_ALERT_EVERY == 0) {
                sent.put("arn:m" + i, System.nanoTime());
                send(producer, new ProducerRecord<>("live", mark("m" + i, time)));
            } else {
                send(producer, new ProducerRecord<>("live", event(i, time)));
            }
        }
    }
}
