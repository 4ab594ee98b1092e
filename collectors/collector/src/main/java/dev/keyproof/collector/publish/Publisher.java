package dev.keyproof.collector.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Outgoing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One connection to Kafka under the instance's transactional id. Opening it ends whatever a predecessor left unfinished and
 * fences the predecessor; after any failure it is closed and another is opened. Not thread-safe.
 */
public final class Publisher implements AutoCloseable {
    /** Longer than any pause in which a transaction of ours is open; what a dead collector left is aborted after it. */
    private static final Duration TRANSACTION = Duration.ofSeconds(30);

    /** How long one call may wait for Kafka: below the ten seconds in which the process has to stop. */
    private static final Duration CALL = Duration.ofSeconds(5);

    private static final TopicPartition POSITIONS = new TopicPartition(Topics.POSITIONS, 0);

    private final Map<String, String> kafka;
    private final ObjectMapper mapper;
    private final InstantSource clock;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * A publisher that has connected to nothing yet.
     *
     * @param kafka client settings, passed on to every client
     * @param instance name of this collector; its transactional id is {@code collector-INSTANCE}
     * @throws PublishException if Kafka's client does not take the settings, or no address in them can be resolved
     */
    public static Publisher of(Map<String, String> kafka, String instance, ObjectMapper mapper, InstantSource clock)
            throws PublishException {
        try {
            return new Publisher(kafka, instance, mapper, clock);
        } catch (KafkaException e) {
            throw failure("the client's settings cannot be used", e, false);
        }
    }

    private Publisher(Map<String, String> kafka, String instance, ObjectMapper mapper, InstantSource clock) {
        this.kafka = kafka;
        this.mapper = mapper;
        this.clock = clock;
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "collector-" + instance);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION.toMillis());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL.toMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) CALL.toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) CALL.toMillis() * 2);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L << 20);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Takes the instance over and tells the published positions by key.
     *
     * @throws PublishException if Kafka cannot be reached or refuses
     */
    public Map<String, ObjectNode> open() throws PublishException {
        try {
            ensureTopics();
            // Returns only when the predecessor's last transaction is committed or aborted for good.
            producer.initTransactions();
            return positions();
        } catch (KafkaException | ExecutionException | IOException e) {
            throw failure("Kafka cannot be reached or refuses", e, false);
        }
    }

    /**
     * Publishes the batch and its positions, both or neither.
     *
     * @throws PublishException if it is not certain that both are there
     */
    public void publish(Batch batch) throws PublishException {
        Instant begun = clock.instant();
        List<Future<?>> sent = new ArrayList<>();
        try {
            producer.beginTransaction();
            for (Outgoing record : batch.records()) {
                sent.add(taken(producer.send(record(record))));
            }
            for (Map.Entry<String, ObjectNode> position : batch.positions().entrySet()) {
                sent.add(taken(producer.send(new ProducerRecord<>(
                        Topics.POSITIONS,
                        position.getKey().getBytes(StandardCharsets.UTF_8),
                        mapper.writeValueAsBytes(position.getValue())))));
            }
            // A record that was not taken makes the commit fail, so each future is done and well behind it.
            producer.commitTransaction();
            if (!sent.stream().allMatch(Future::isDone)) {
                throw new KafkaException("committed before every record was taken");
            }
        } catch (KafkaException | IOException e) {
            // The coordinator fences as well when a transaction took too long; a fence before that is somebody else's.
            boolean early = Duration.between(begun, clock.instant()).compareTo(TRANSACTION) < 0;
            throw failure("Kafka did not take a batch", e, early && isFence(e));
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    /** A send that fails at once has waited as long as one call may; the next would wait as long again. */
    private static <T> Future<T> taken(Future<T> sent) {
        if (sent.state() == Future.State.FAILED) {
            throw new KafkaException("a record was not taken", sent.exceptionNow());
        }
        return sent;
    }

    private static boolean isFence(Throwable e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || (e.getCause() != null && isFence(e.getCause()));
    }

    private static PublishException failure(String what, Exception e, boolean superseded) {
        // Kafka's own words for a client that cannot be made stand in the cause.
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new PublishException(what + ": " + detail, e, superseded);
    }

    private static ProducerRecord<byte[], byte[]> record(Outgoing outgoing) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                outgoing.topic().topic(), outgoing.key().getBytes(StandardCharsets.UTF_8), outgoing.value());
        outgoing.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private void ensureTopics() throws ExecutionException {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("request.timeout.ms", (int) CALL.toMillis());
        config.put("default.api.timeout.ms", (int) CALL.toMillis());
        try (Admin admin = Admin.create(config)) {
            Topics.ensure(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /**
     * The last committed position of each source. Reads up to the topic's very end: an open transaction of another collector
     * would otherwise hide positions of ours that stand behind it.
     */
    private Map<String, ObjectNode> positions() throws IOException {
        Map<String, ObjectNode> positions = new HashMap<>();
        long end;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            end = consumer.endOffsets(List.of(POSITIONS)).getOrDefault(POSITIONS, 0L);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            consumer.assign(List.of(POSITIONS));
            consumer.seekToBeginning(List.of(POSITIONS));
            Instant until = clock.instant().plus(TRANSACTION).plus(CALL);
            while (consumer.position(POSITIONS) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(250))) {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (mapper.readTree(record.value()) instanceof ObjectNode position) {
                        positions.put(key, position);
                    }
                }
                if (clock.instant().isAfter(until)) {
                    throw new IOException("the positions could not be read to their end");
                }
            }
        }
        return positions;
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) CALL.toMillis());
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CALL.toMillis());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
