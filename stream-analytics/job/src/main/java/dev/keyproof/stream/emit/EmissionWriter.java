package dev.keyproof.stream.emit;

import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Emissions to Kafka records, to the topic of their sort. */
public final class EmissionWriter implements KafkaRecordSerializationSchema<Emission> {
    private static final long serialVersionUID = 1;

    private final String findings;
    private final String slo;

    public EmissionWriter(String findings, String slo) {
        this.findings = findings;
        this.slo = slo;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Emission emission, KafkaSinkContext context, Long timestamp) {
        String topic = emission.sort == Emission.SLO ? slo : findings;
        return new ProducerRecord<>(topic, emission.key.getBytes(StandardCharsets.UTF_8), emission.value);
    }
}
