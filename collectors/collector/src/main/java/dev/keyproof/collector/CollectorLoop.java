package dev.keyproof.collector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.publish.PublishException;
import dev.keyproof.collector.publish.Publisher;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Source;
import dev.keyproof.collector.source.SourceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves batches from the sources into Kafka, one transaction each. Whenever Kafka fails it starts again from the positions
 * that Kafka holds; a source that fails waits while the others go on.
 */
final class CollectorLoop {
    /** Of one transaction: enough to be cheap, few enough that it stays short. */
    static final int BATCH = 1_000;

    /** How long it rests when no source has anything: what an event waits at most before it is on its way. */
    private static final Duration REST = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(CollectorLoop.class);

    private final List<? extends Source> sources;
    private final Connector connector;
    private final Health health;
    private final Backoff backoff;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<Source, Integer> waiting = new HashMap<>();
    private Map<String, ObjectNode> published = new HashMap<>();

    /** Opens one connection after the other. */
    @FunctionalInterface
    interface Connector {
        /** A connection that has not been opened yet. */
        Publisher connect() throws PublishException;
    }

    CollectorLoop(List<? extends Source> sources, Connector connector, Health health, Backoff backoff) {
        this.sources = sources;
        this.connector = connector;
        this.health = health;
        this.backoff = backoff;
    }

    /** Lets {@link #run} return soon. Any thread. */
    void stop() {
        stop.countDown();
    }

    /**
     * Until {@link #stop}.
     *
     * @throws PublishException if another collector of the same instance has taken over
     */
    void run() throws PublishException, InterruptedException {
        int failures = 0;
        while (stop.getCount() > 0) {
            try (Publisher publisher = connector.connect()) {
                published = publisher.open();
                sources.forEach(source -> source.restore(published));
                waiting.clear();
                health.connected();
                LOG.info("connected positions={}", published.size());
                failures = 0;
                pump(publisher);
            } catch (PublishException e) {
                if (e.superseded()) {
                    throw e;
                }
                if (stop.getCount() > 0) {
                    health.disconnected(e.reason());
                    LOG.warn("disconnected attempt={} reason=\"{}\"", failures + 1, e.reason());
                    // Back to what is known to be published, so that lag counts what was given out in vain.
                    sources.forEach(source -> source.restore(published));
                    look();
                    pause(backoff.after(++failures));
                }
            }
        }
        sources.forEach(Source::close);
    }

    private void pump(Publisher publisher) throws PublishException, InterruptedException {
        while (stop.getCount() > 0) {
            boolean idle = true;
            for (Source source : sources) {
                Batch batch = next(source);
                if (!batch.isEmpty()) {
                    publisher.publish(batch);
                    published.putAll(batch.positions());
                    health.published(batch);
                    idle = false;
                }
            }
            if (idle) {
                pause(REST);
            }
        }
    }

    private Batch next(Source source) {
        // A source that failed is asked again after as many rounds as it has failed: no fault of one slows the others.
        int rounds = waiting.getOrDefault(source, 0);
        if (rounds > 0) {
            waiting.put(source, rounds - 1);
            return Batch.EMPTY;
        }
        try {
            Batch batch = source.next(BATCH);
            health.sourceWell(source);
            return batch;
        } catch (SourceException e) {
            LOG.warn("source={} reason=\"{}\"", source.name(), e.reason());
            health.sourceFailed(source, e.reason());
            waiting.put(source, 50);
            return Batch.EMPTY;
        }
    }

    private void look() {
        for (Source source : sources) {
            try {
                source.look();
            } catch (SourceException e) {
                health.sourceFailed(source, e.reason());
            }
        }
    }

    private void pause(Duration time) throws InterruptedException {
        if (stop.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("stopping");
        }
    }
}
