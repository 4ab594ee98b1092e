package dev.keyproof.alerts;

import dev.keyproof.event.EventCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** The latest alerts, each once, in the order of the topic, and read from it again at every start. Thread-safe to read. */
final class AlertBook extends KafkaTask {
    private final int keep;
    private final EventCodec codec;
    private final ArrayDeque<Alert> alerts = new ArrayDeque<>();
    private final Set<String> uids = new HashSet<>();
    private long next;

    /** @param keep alerts that are remembered */
    AlertBook(int keep, String group, Map<String, String> kafka, EventCodec codec, CountDownLatch stop) {
        super("book", group + "-book", kafka, stop);
        this.keep = keep;
        this.codec = codec;
    }

    /** Alerts after the offset, oldest first, at most so many. */
    synchronized List<Alert> after(long offset, int most) {
        List<Alert> page = new ArrayList<>();
        for (Alert alert : alerts) {
            if (alert.offset() > offset) {
                page.add(alert);
                if (page.size() == most) {
                    break;
                }
            }
        }
        return page;
    }

    synchronized int size() {
        return alerts.size();
    }

    @Override
    void work(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.seek(AlertTopic.ALERTS, next);
        while (!stopping()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(AlertTopic.POLL)) {
                add(Alert.of(record, codec));
            }
            // A poll alone does not fail while nobody answers.
            consumer.currentLag(AlertTopic.ALERTS).ifPresent(lag -> answered());
        }
    }

    private synchronized void add(Alert alert) {
        next = alert.offset() + 1;
        if (uids.add(alert.uid())) {
            alerts.add(alert);
            if (alerts.size() > keep) {
                uids.remove(alerts.removeFirst().uid());
            }
        }
    }
}
