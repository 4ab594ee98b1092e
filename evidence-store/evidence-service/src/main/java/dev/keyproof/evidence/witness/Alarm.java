package dev.keyproof.evidence.witness;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyproof.event.Severity;
import dev.keyproof.evidence.seal.LogFinding;
import dev.keyproof.evidence.seal.OwnFindings;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of a log that a witness contradicts: as a finding, which is sealed, and as an alert, which is delivered. The same contradiction
 * is the same event by its uid, so that it may be told again after a restart. Kafka is asked for only when there is something to tell.
 * Thread-safe.
 */
public final class Alarm {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);
    private static final String TOPIC = "alerts";

    private final Map<String, String> kafka;
    private final OwnFindings findings;
    private final InstantSource clock;
    private final ConcurrentLinkedQueue<byte[]> waiting = new ConcurrentLinkedQueue<>();

    public Alarm(Map<String, String> kafka, OwnFindings findings, InstantSource clock) {
        this.kafka = Map.copyOf(kafka);
        this.findings = findings;
        this.clock = clock;
    }

    /** Notes that something is to be told; {@link #tell} tells it. */
    void raise(String origin, String witness, String text) {
        var detail = JsonNodeFactory.instance.objectNode().put("origin", origin).put("witness", witness);
        LogFinding finding = new LogFinding(
                "contradiction",
                origin + "\n" + witness + "\n" + text,
                Severity.CRITICAL,
                origin,
                "A witness contradicts the log " + origin,
                text,
                "witnesses of the log",
                detail);
        byte[] event = finding.event(clock.millis());
        findings.add(finding.uid(), event);
        waiting.add(event);
    }

    /** Tells what was raised; what Kafka does not take now is told the next time. */
    void tell() throws InterruptedException {
        if (waiting.isEmpty()) {
            return;
        }
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("acks", "all");
        config.put("enable.idempotence", "true");
        config.put("buffer.memory", Integer.toString(1 << 20));
        config.put("max.block.ms", "5000");
        config.put("client.id", "evidence-service-alarm");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] event = waiting.peek(); event != null; event = waiting.peek()) {
                producer.send(new ProducerRecord<>(TOPIC, null, event)).get(5, TimeUnit.SECONDS);
                waiting.remove();
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("event=alarm-not-told reason=\"{}\"", e.getMessage());
        }
    }
}
