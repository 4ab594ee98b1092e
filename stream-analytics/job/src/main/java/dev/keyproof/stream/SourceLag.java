package dev.keyproof.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How far the job's committed position is behind the committed end of its topic. The end of a transaction takes an offset of its
 * own, so a short distance is looked at: what holds no record is no lag. Not thread-safe.
 */
final class SourceLag implements AutoCloseable {
    private static final long TIMEOUT_MS = 3_000;
    /** A distance that is looked at; a longer one is lag whatever is in it. */
    private static final long NEAR = 2_000;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS = 5;

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String group;
    private final String topic;

    SourceLag(StreamConfig config) {
        Properties properties = config.kafkaProperties();
        properties.setProperty("default.api.timeout.ms", Long.toString(TIMEOUT_MS));
        properties.setProperty("request.timeout.ms", Long.toString(TIMEOUT_MS));
        this.admin = Admin.create(properties);
        Properties reading = config.kafkaProperties();
        reading.setProperty("default.api.timeout.ms", Long.toString(TIMEOUT_MS));
        reading.setProperty("isolation.level", "read_committed");
        reading.setProperty("enable.auto.commit", "false");
        reading.setProperty("max.poll.records", "1");
        reading.setProperty("fetch.max.wait.ms", "50");
        this.consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.group = config.group();
        this.topic = config.topics().events();
    }

    /** One partition's position and end, and the records between, at most. */
    record Partition(long committed, long end, long lag) {}

    /** Every partition by number. */
    Map<Integer, Partition> partitions() throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
        Map<TopicPartition, OffsetSpec> askFirst = new HashMap<>();
        admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .values()
                .forEach(description -> description.partitions().forEach(partition -> {
                    TopicPartition at = new TopicPartition(topic, partition.partition());
                    ask.put(at, OffsetSpec.latest());
                    askFirst.put(at, OffsetSpec.earliest());
                }));
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(ask);
        Map<TopicPartition, ListOffsetsResultInfo> starts = offsets(askFirst);
        Map<Integer, Partition> partitions = new TreeMap<>();
        ends.forEach((at, end) -> {
            OffsetAndMetadata position = committed.get(at);
            ListOffsetsResultInfo start = starts.get(at);
            long from = position != null ? position.offset() : start == null ? 0 : start.offset();
            partitions.put(at.partition(), new Partition(from, end.offset(), lag(at, from, end.offset())));
        });
        return partitions;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Map<TopicPartition, OffsetSpec> ask)
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin.listOffsets(ask, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private long lag(TopicPartition at, long from, long end) {
        long distance = end - from;
        if (distance <= 0 || distance > NEAR) {
            return Math.max(0, distance);
        }
        consumer.assign(List.of(at));
        consumer.seek(at, from);
        for (int i = 0; i < LOOKS && consumer.position(at) < end; i++) {
            if (!consumer.poll(LOOK).isEmpty()) {
                return distance;
            }
        }
        return consumer.position(at) >= end ? 0 : distance;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
