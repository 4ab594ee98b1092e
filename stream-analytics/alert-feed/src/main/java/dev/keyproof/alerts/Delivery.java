package dev.keyproof.alerts;

import dev.keyproof.event.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One receiver with a position of its own: one that hangs holds up nobody else. The position moves on when an alert was taken,
 * was seen before, or is parked; what is parked is tried again from time to time.
 */
final class Delivery extends KafkaTask {
    /** So many alerts back a repetition is recognised, across restarts too. */
    static final int REMEMBERED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final WebhookSender sender;
    private final Duration retryParked;
    private final EventCodec codec;
    private final InstantSource clock;
    private Parked parked = new Parked();
    private Instant nextRetry = Instant.EPOCH;
    private volatile State state = new State(0, 0, Set.of(), 0, 0);

    /**
     * What is known of a receiver.
     *
     * @param position offset of the next alert for it
     * @param lag alerts that wait
     * @param parked offsets of those it did not take
     * @param delivered since this process started
     * @param duplicates left out since this process started
     */
    record State(long position, long lag, Set<Long> parked, long delivered, long duplicates) {
        String of(long offset) {
            if (parked.contains(offset)) {
                return "undelivered";
            }
            return offset < position ? "delivered" : "pending";
        }
    }

    Delivery(
            WebhookSender sender,
            Duration retryParked,
            String group,
            Map<String, String> kafka,
            EventCodec codec,
            InstantSource clock,
            CountDownLatch stop) {
        super("webhook-" + sender.name(), group + "-" + sender.name(), kafka, stop);
        this.sender = sender;
        this.retryParked = retryParked;
        this.codec = codec;
        this.clock = clock;
    }

    String name() {
        return sender.name();
    }

    State state() {
        return state;
    }

    /** Why the receiver took the last alert not; empty if it did. */
    String fault() {
        return sender.lastFault();
    }

    @Override
    void work(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        OffsetAndMetadata committed =
                consumer.committed(Set.of(AlertTopic.ALERTS)).get(AlertTopic.ALERTS);
        long position = committed == null ? 0 : committed.offset();
        parked = committed == null ? new Parked() : Parked.of(committed.metadata());
        Seen seen = new Seen(REMEMBERED);
        consumer.seek(AlertTopic.ALERTS, Math.max(0, position - REMEMBERED));
        answered();
        show(consumer, position, 0, 0);
        nextRetry = clock.instant().plus(retryParked);
        while (!stopping()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(AlertTopic.POLL)) {
                Alert alert = Alert.of(record, codec);
                boolean fresh = seen.add(alert.uid());
                if (alert.offset() < position) {
                    // Behind us already; only remembered.
                    continue;
                }
                if (!take(consumer, alert, fresh)) {
                    return;
                }
                position = alert.offset() + 1;
            }
            show(consumer, position, 0, 0);
            retryParked(consumer, position);
        }
    }

    /** False if it was stopped before the alert was settled. */
    private boolean take(KafkaConsumer<byte[], byte[]> consumer, Alert alert, boolean fresh)
            throws InterruptedException {
        WebhookSender.Outcome outcome = WebhookSender.Outcome.DELIVERED;
        if (fresh) {
            outcome = sender.deliver(alert);
            while (outcome == WebhookSender.Outcome.FAILED && !parked.add(alert.offset())) {
                // No room to remember one more: the receiver is waited for.
                outcome = sender.deliver(alert);
            }
        }
        if (outcome == WebhookSender.Outcome.STOPPED) {
            return false;
        }
        if (outcome == WebhookSender.Outcome.FAILED) {
            LOG.error("webhook={} uid={} undelivered offset={}", sender.name(), alert.uid(), alert.offset());
        }
        commit(consumer, alert.offset() + 1);
        boolean delivered = fresh && outcome == WebhookSender.Outcome.DELIVERED;
        show(consumer, alert.offset() + 1, delivered ? 1 : 0, fresh ? 0 : 1);
        return true;
    }

    private void retryParked(KafkaConsumer<byte[], byte[]> consumer, long position) throws InterruptedException {
        Long oldest = parked.oldest().orElse(null);
        if (oldest == null || clock.instant().isBefore(nextRetry)) {
            return;
        }
        nextRetry = clock.instant().plus(retryParked);
        long resume = consumer.position(AlertTopic.ALERTS);
        consumer.seek(AlertTopic.ALERTS, oldest);
        var records = consumer.poll(Duration.ofSeconds(5)).records(AlertTopic.ALERTS);
        consumer.seek(AlertTopic.ALERTS, resume);
        if (records.isEmpty() || records.get(0).offset() != oldest) {
            return;
        }
        if (sender.attempt(Alert.of(records.get(0), codec))) {
            parked.remove(oldest);
            commit(consumer, position);
            // The receiver is back: the next one need not wait.
            nextRetry = clock.instant();
            show(consumer, position, 1, 0);
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, long offset) {
        consumer.commitSync(Map.of(AlertTopic.ALERTS, new OffsetAndMetadata(offset, parked.metadata())));
    }

    private void show(KafkaConsumer<byte[], byte[]> consumer, long position, int delivered, int duplicates) {
        long end = consumer.currentLag(AlertTopic.ALERTS).orElse(0L) + consumer.position(AlertTopic.ALERTS);
        state = new State(
                position,
                Math.max(0, end - position),
                parked.offsets(),
                state.delivered() + delivered,
                state.duplicates() + duplicates);
    }
}
