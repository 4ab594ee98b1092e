package dev.keyproof.alerts;

import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One alert as it stands in the topic.
 *
 * @param offset its place there
 * @param uid what makes two deliveries the same alert
 * @param body the OCSF bytes, unchanged
 */
record Alert(long offset, String uid, byte[] body) {
    static Alert of(ConsumerRecord<byte[], byte[]> record, EventCodec codec) {
        return new Alert(record.offset(), uid(record, codec), record.value());
    }

    private static String uid(ConsumerRecord<byte[], byte[]> record, EventCodec codec) {
        try {
            String uid = codec.tree(record.value()).path("metadata").path("uid").asText();
            if (!uid.isEmpty()) {
                return uid;
            }
        } catch (EventFormatException e) {
            // What cannot be read is sent as well: to drop it would be to hide it.
        }
        return "unnamed-" + record.offset();
    }
}
