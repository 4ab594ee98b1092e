package dev.keyproof.stream.read;

import dev.keyproof.event.EventFormatException;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Kafka records to events. Bytes that are no event become an event with a fault: nothing that arrives is dropped here. */
public final class KeyEventReader implements KafkaRecordDeserializationSchema<KeyEvent> {
    private static final long serialVersionUID = 1;

    /** How far an origin's clock may be ahead of the publisher's before its time is not believed. */
    static final long MAX_AHEAD_MS = 5_000;

    private transient @Nullable KeyEventParser parser;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        parser = new KeyEventParser();
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<KeyEvent> out) {
        KeyEventParser opened = parser;
        if (opened == null) {
            throw new IllegalStateException("reader is not open");
        }
        out.collect(read(opened, message));
    }

    private static KeyEvent read(KeyEventParser parser, ConsumerRecord<byte[], byte @Nullable []> message) {
        byte[] value = message.value();
        try {
            if (value == null) {
                throw new EventFormatException("record without a value");
            }
            KeyEvent event = parser.parse(value);
            // One origin with a clock ahead would otherwise close every other origin's windows.
            event.time = Math.min(event.time, message.timestamp() + MAX_AHEAD_MS);
            return event;
        } catch (EventFormatException e) {
            KeyEvent event = new KeyEvent();
            event.time = message.timestamp();
            event.fault = String.valueOf(e.getMessage());
            event.place = message.topic() + "/" + message.partition() + "/" + message.offset();
            return event;
        }
    }

    @Override
    public TypeInformation<KeyEvent> getProducedType() {
        return TypeInformation.of(KeyEvent.class);
    }
}
