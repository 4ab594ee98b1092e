package dev.keyproof.alerts;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work on a consumer that starts again from its position whenever Kafka fails, until it is told to stop. */
abstract class KafkaTask implements Runnable {
    private static final long PAUSE_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTask.class);

    private final String name;
    private final String group;
    private final Map<String, String> kafka;
    private final CountDownLatch stop;
    private volatile boolean connected;

    /** @param group of the consumer */
    KafkaTask(String name, String group, Map<String, String> kafka, CountDownLatch stop) {
        this.name = name;
        this.group = group;
        this.kafka = kafka;
        this.stop = stop;
    }

    /** Until it is told to stop or Kafka fails; the consumer is assigned and stands nowhere yet. */
    abstract void work(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException;

    final boolean stopping() {
        return stop.getCount() == 0;
    }

    /** Called by the work when Kafka has answered. */
    final void answered() {
        connected = true;
    }

    /** Whether Kafka answers. Any thread. */
    final boolean connected() {
        return connected;
    }

    @Override
    public final void run() {
        try {
            while (!stopping()) {
                try (KafkaConsumer<byte[], byte[]> consumer = AlertTopic.consumer(kafka, group)) {
                    work(consumer);
                } catch (RuntimeException e) {
                    // Kafka away, or a fault of ours: neither may end the task while health says that all is well.
                    connected = false;
                    LOG.warn("task={} reason=\"{}\"", name, e.toString());
                    if (stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
