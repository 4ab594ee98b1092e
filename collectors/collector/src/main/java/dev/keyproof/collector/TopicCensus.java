package dev.keyproof.collector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Counts what the topics hold, committed records only, from their start to their present end: {@code TopicCensus CONFIG.yaml
 * RUN} prints one line of JSON. {@code published} counts outcome records of that run, each place in a source's order once.
 */
public final class TopicCensus {
    private final EventCodec codec = new EventCodec();
    private final Map<String, String> kafka;
    private final String run;
    private final Set<String> places = new HashSet<>();
    private final Set<String> alerts = new HashSet<>();
    private final ObjectNode census = codec.mapper().createObjectNode();

    TopicCensus(Map<String, String> kafka, String run) {
        this.kafka = kafka;
        this.run = run;
    }

    /** Prints the census. Exit code 2 on a bad configuration, 1 if Kafka cannot be read. */
    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("usage: TopicCensus CONFIG.yaml RUN");
            Runtime.getRuntime().exit(2);
            return;
        }
        try {
            CollectorConfig config = CollectorConfig.read(Path.of(args[0]));
            System.out.println(new TopicCensus(config.kafka(), args[1]).take());
        } catch (ConfigException e) {
            System.err.println("census: " + args[0] + ": " + e.getMessage());
            Runtime.getRuntime().exit(2);
        } catch (KafkaException e) {
            System.err.println("census: Kafka cannot be read: " + e.getMessage());
            Runtime.getRuntime().exit(1);
        }
    }

    /** The counts; a topic that is not there counts 0. */
    ObjectNode take() {
        for (String name : List.of(
                "published",
                "keyEvents",
                "operations",
                "observed",
                "duplicates",
                "attestations",
                "quarantined",
                "findings",
                "alerts",
                "alertRecords",
                "slo",
                "unreadable")) {
            census.put(name, 0);
        }
        each("key-events", this::event);
        each("attestations", bytes -> count("attestations"));
        each("quarantine", bytes -> count("quarantined"));
        each("findings", bytes -> count("findings"));
        each("slo", bytes -> count("slo"));
        each("alerts", this::alert);
        census.put("alerts", alerts.size());
        return census;
    }

    private void event(byte[] bytes) {
        count("keyEvents");
        try {
            ObjectNode event = codec.tree(bytes);
            JsonNode keyproof = event.path("unmapped").path("keyproof");
            JsonNode metadata = event.path("metadata");
            String place = metadata.path("source").asText() + "/"
                    + keyproof.path("epoch").asText() + "/"
                    + metadata.path("sequence").asText();
            if (!places.add(place)) {
                count("duplicates");
                return;
            }
            switch (keyproof.path("kind").asText()) {
                case "operation" -> {
                    count("operations");
                    if (keyproof.path("run").asText().equals(run)) {
                        count("published");
                    }
                }
                case "observed" -> count("observed");
                default -> {
                    // Intents, approvals and service events are sealed but not counted.
                }
            }
        } catch (EventFormatException e) {
            count("unreadable");
        }
    }

    private void alert(byte[] bytes) {
        count("alertRecords");
        try {
            alerts.add(codec.tree(bytes).path("metadata").path("uid").asText());
        } catch (EventFormatException e) {
            count("unreadable");
        }
    }

    private void count(String name) {
        census.put(name, census.path(name).asLong() + 1);
    }

    private void each(String topic, Consumer<byte[]> take) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("default.api.timeout.ms", 15_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var infos = consumer.listTopics().get(topic);
            if (infos == null) {
                return;
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(250)).forEach(record -> take.accept(record.value()));
            }
        }
    }
}
