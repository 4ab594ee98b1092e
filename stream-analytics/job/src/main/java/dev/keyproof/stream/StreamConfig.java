package dev.keyproof.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyproof.stream.detect.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The job's settings; {@code stream-defaults.yaml} documents and completes them. */
public record StreamConfig(
        Map<String, String> kafka,
        String group,
        String transactions,
        Topics topics,
        Policy policy,
        Checkpoints checkpoints,
        Flink flink,
        Latency latency,
        Limits detectors,
        Compliance compliance,
        Http http) {

    private static final String DEFAULTS = "/stream-defaults.yaml";

    /** Maps that are taken whole from the file, not merged with the defaults. */
    private static final Set<String> WHOLE = Set.of("kafka", "limits");

    /** Kafka topics. */
    public record Topics(String events, String findings, String alerts, String slo) {}

    /** The policy's bundle, and the key by which it is verified. */
    public record Policy(
            @Nullable Path bundle,
            @Nullable Path key,
            @Nullable String algorithm,
            boolean unsigned) {}

    /** Where and how often state is kept. */
    public record Checkpoints(@Nullable Path directory, int intervalMs) {}

    /** Flink itself. */
    public record Flink(int parallelism, String state, int restPort) {}

    /** Latency windows. */
    public record Latency(int windowSeconds, int outOfOrderMs, int graceMs) {}

    /** Compliance review. */
    public record Compliance(int reviewMinutes) {}

    /** The health endpoint. */
    public record Http(int port) {}

    /**
     * The settings in a YAML file.
     *
     * @throws StreamConfigException if it cannot be read, has a key that is not known, or a value that cannot be
     */
    public static StreamConfig load(Path file) throws StreamConfigException {
        ObjectMapper yaml = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        try (InputStream in = StreamConfig.class.getResourceAsStream(DEFAULTS)) {
            ObjectNode settings = yaml.readValue(in, ObjectNode.class);
            if (!(yaml.readTree(Files.readAllBytes(file)) instanceof ObjectNode given)) {
                throw new StreamConfigException(List.of(file + ": not a YAML map"));
            }
            merge(settings, given);
            StreamConfig config = yaml.treeToValue(settings, StreamConfig.class);
            List<String> faults = config.faults();
            if (!faults.isEmpty()) {
                throw new StreamConfigException(
                        faults.stream().map(fault -> file + ": " + fault).toList());
            }
            return config;
        } catch (JsonProcessingException e) {
            throw new StreamConfigException(List.of(file + ": " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new StreamConfigException(List.of(file + ": cannot be read: " + e.getMessage()));
        }
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            JsonNode present = into.get(field.getKey());
            if (present instanceof ObjectNode object
                    && field.getValue() instanceof ObjectNode given
                    && !WHOLE.contains(field.getKey())) {
                merge(object, given);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!kafka.containsKey("bootstrap.servers")) {
            faults.add("kafka: bootstrap.servers is missing");
        }
        if (policy.bundle() == null) {
            faults.add("policy.bundle is missing");
        } else if (!Files.isReadable(policy.bundle())) {
            faults.add("policy.bundle: " + policy.bundle() + " cannot be read");
        }
        if (checkpoints.directory() == null) {
            faults.add("checkpoints.directory is missing");
        }
        atLeast(faults, "checkpoints.intervalMs", checkpoints.intervalMs(), 50);
        atLeast(faults, "flink.parallelism", flink.parallelism(), 1);
        atLeast(faults, "latency.windowSeconds", latency.windowSeconds(), 1);
        atLeast(faults, "latency.outOfOrderMs", latency.outOfOrderMs(), 0);
        atLeast(faults, "latency.graceMs", latency.graceMs(), 0);
        atLeast(faults, "detectors.burst.seconds", detectors.burst().seconds(), 1);
        atLeast(faults, "detectors.denials.seconds", detectors.denials().seconds(), 1);
        atLeast(faults, "detectors.denials.limit", detectors.denials().limit(), 1);
        atLeast(
                faults,
                "detectors.afterDisable.seconds",
                detectors.afterDisable().seconds(),
                1);
        atLeast(faults, "compliance.reviewMinutes", compliance.reviewMinutes(), 1);
        detectors
                .burst()
                .limits()
                .forEach((operation, limit) -> atLeast(faults, "detectors.burst.limits." + operation, limit, 1));
        if (!flink.state().equals("hashmap") && !flink.state().equals("rocksdb")) {
            faults.add("flink.state: " + flink.state() + " is neither hashmap nor rocksdb");
        }
        return faults;
    }

    private static void atLeast(List<String> faults, String name, int value, int least) {
        if (value < least) {
            faults.add(name + ": " + value + " is less than " + least);
        }
    }

    Path bundle() {
        return required(policy.bundle());
    }

    Path checkpointDirectory() {
        return required(checkpoints.directory()).toAbsolutePath();
    }

    private static Path required(@Nullable Path path) {
        if (path == null) {
            throw new IllegalStateException("settings were not checked");
        }
        return path;
    }

    /** Settings of every Kafka client. */
    Properties kafkaProperties() {
        Properties properties = new Properties();
        properties.putAll(kafka);
        return properties;
    }
}
