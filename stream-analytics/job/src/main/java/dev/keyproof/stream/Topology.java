package dev.keyproof.stream;

import dev.keyproof.stream.compliance.ComplianceReview;
import dev.keyproof.stream.compliance.RefusedBundles;
import dev.keyproof.stream.compliance.Rules;
import dev.keyproof.stream.compliance.SubjectReview;
import dev.keyproof.stream.detect.Detectors;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.EmissionWriter;
import dev.keyproof.stream.latency.LatencyWindows;
import dev.keyproof.stream.read.KeyEvent;
import dev.keyproof.stream.read.KeyEventReader;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The graph: one source, latency windows, detectors and compliance beside each other, and two ways out. Results leave in Kafka
 * transactions with each checkpoint; alerts leave at once and at least once, with uids that make repeats known.
 */
final class Topology {
    /** The job's name on a cluster. */
    static final String JOB = "keyproof-stream";

    private static final long BUFFER_TIMEOUT_MS = 5;
    private static final Duration IDLE = Duration.ofSeconds(5);
    /** How long results of a job that is down hold up their readers; the broker's own limit is 15 minutes. */
    private static final String TRANSACTION_TIMEOUT_MS = "600000";

    private static final String PRODUCER_BUFFER_BYTES = "8388608";

    private final StreamConfig config;
    private final Rules.Source rules;

    Topology(StreamConfig config, Rules.Source rules) {
        this.config = config;
        this.rules = rules;
    }

    /** Adds the graph to the environment. */
    void build(StreamExecutionEnvironment env) {
        env.setParallelism(config.flink().parallelism());
        env.setBufferTimeout(BUFFER_TIMEOUT_MS);
        // No operator keeps or changes what it was handed.
        env.getConfig().enableObjectReuse();

        DataStream<KeyEvent> events =
                env.fromSource(source(), watermarks(), "key events").uid("key-events");
        StreamConfig.Latency latency = config.latency();
        DataStream<Emission> windows =
                LatencyWindows.of(events, latency.windowSeconds() * 1000L, latency.outOfOrderMs() + latency.graceMs());
        DataStream<Emission> detections =
                Detectors.of(events, config.detectors()).union(RefusedBundles.of(events, rules));
        long reviewMs = config.compliance().reviewMinutes() * 60_000L;
        DataStream<Emission> compliance =
                ComplianceReview.of(events, rules, reviewMs).union(SubjectReview.of(events, rules, reviewMs));

        detections
                .filter((FilterFunction<Emission>) emission -> emission.alert)
                .name("urgent")
                .sinkTo(alerts())
                .uid("alerts")
                .name("alerts");
        detections.union(compliance, windows).sinkTo(results()).uid("results").name("results");
    }

    /** The source and the alerts of single events alone: the least that this job could do, for comparison. */
    void buildCount(StreamExecutionEnvironment env) {
        env.setParallelism(config.flink().parallelism());
        env.setBufferTimeout(BUFFER_TIMEOUT_MS);
        env.getConfig().enableObjectReuse();
        Detectors.ofSingleEvents(env.fromSource(source(), watermarks(), "key events"))
                .sinkTo(alerts());
    }

    private KafkaSource<KeyEvent> source() {
        Properties properties = config.kafkaProperties();
        properties.setProperty("isolation.level", "read_committed");
        properties.setProperty("fetch.max.wait.ms", "100");
        properties.setProperty("partition.discovery.interval.ms", "60000");
        return KafkaSource.<KeyEvent>builder()
                .setProperties(properties)
                .setTopics(config.topics().events())
                .setGroupId(config.group())
                // Without a checkpoint there is no state either: what findings need is told again, under the same uids.
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new KeyEventReader())
                .build();
    }

    private WatermarkStrategy<KeyEvent> watermarks() {
        return WatermarkStrategy.<KeyEvent>forBoundedOutOfOrderness(
                        Duration.ofMillis(config.latency().outOfOrderMs()))
                .withTimestampAssigner((event, kafkaTime) -> event.time)
                .withIdleness(IDLE);
    }

    private KafkaSink<Emission> alerts() {
        return sink(config.topics().alerts())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    private KafkaSink<Emission> results() {
        return sink(config.topics().findings())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(config.transactions())
                .setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MS)
                .build();
    }

    private KafkaSinkBuilder<Emission> sink(String findings) {
        return KafkaSink.<Emission>builder()
                .setKafkaProducerConfig(config.kafkaProperties())
                .setBootstrapServers(config.kafka().getOrDefault("bootstrap.servers", ""))
                .setProperty("linger.ms", "0")
                .setProperty("acks", "all")
                .setProperty("buffer.memory", PRODUCER_BUFFER_BYTES)
                .setRecordSerializer(
                        new EmissionWriter(findings, config.topics().slo()));
    }
}
