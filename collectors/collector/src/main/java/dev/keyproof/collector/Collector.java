package dev.keyproof.collector;

import dev.keyproof.collector.cloudtrail.CloudTrailFolder;
import dev.keyproof.collector.journal.JournalSource;
import dev.keyproof.collector.publish.PublishException;
import dev.keyproof.collector.publish.Publisher;
import dev.keyproof.collector.source.Source;
import dev.keyproof.event.EventCodec;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The collector process: {@code Collector CONFIG.yaml}. Ends with 0 when told to stop, 1 when it cannot go on, 2 on a bad configuration. */
public final class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    private final CollectorLoop loop;
    private final HealthServer http;

    private Collector(CollectorLoop loop, HealthServer http) {
        this.loop = loop;
        this.http = http;
    }

    /** The process. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 1) {
            fail(2, "usage: Collector CONFIG.yaml");
            return;
        }
        Collector collector;
        try {
            collector = of(CollectorConfig.read(Path.of(args[0])), Clock.systemUTC());
        } catch (ConfigException e) {
            fail(2, args[0] + ": " + e.getMessage());
            return;
        } catch (BindException e) {
            fail(2, args[0] + ": http.port is taken; choose another or stop what listens there");
            return;
        } catch (IOException e) {
            fail(1, "health cannot be served: " + e.getMessage());
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            collector.loop.stop();
            awaitEnd(ended);
        }));
        int exit = collector.run(ended);
        if (exit != 0) {
            Runtime.getRuntime().exit(exit);
        }
    }

    /** A collector that is ready to run. */
    static Collector of(CollectorConfig config, InstantSource clock) throws IOException, ConfigException {
        EventCodec codec = new EventCodec();
        List<Source> sources = sources(config, codec, clock);
        Health health = new Health(codec.mapper(), sources);
        Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), RandomGenerator.getDefault());
        CollectorLoop.Connector connector =
                () -> Publisher.of(config.kafka(), config.instance(), codec.mapper(), clock);
        CollectorLoop loop = new CollectorLoop(sources, connector, health, backoff);
        try (Publisher trial = connector.connect()) {
            LOG.debug("settings taken by {}", trial);
        } catch (PublishException e) {
            throw new ConfigException("kafka: " + e.reason());
        }
        return new Collector(loop, new HealthServer(config.http().port(), health));
    }

    /** Where health is told. */
    int port() {
        return http.port();
    }

    void stop() {
        loop.stop();
    }

    /** Until it is stopped; the exit code. */
    int run(CountDownLatch ended) throws InterruptedException {
        LOG.info("started port={}", http.port());
        try {
            loop.run();
            LOG.info("stopped");
            return 0;
        } catch (PublishException e) {
            LOG.error("superseded reason=\"another collector of this instance runs; give each its own name\"");
            return 1;
        } finally {
            http.close();
            ended.countDown();
        }
    }

    private static List<Source> sources(CollectorConfig config, EventCodec codec, InstantSource clock) {
        List<Source> sources = new ArrayList<>();
        for (CollectorConfig.JournalFolder journal : config.journals()) {
            sources.add(new JournalSource(Path.of(Objects.requireNonNull(journal.directory())), codec, clock));
        }
        for (CollectorConfig.TrailFolder trail : config.cloudtrail()) {
            sources.add(new CloudTrailFolder(
                    Path.of(Objects.requireNonNull(trail.directory())),
                    Objects.requireNonNull(trail.source()),
                    Duration.ofMillis(trail.scan()),
                    codec,
                    clock));
        }
        return sources;
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            if (!ended.await(9, TimeUnit.SECONDS)) {
                LOG.warn("stopped in the middle of a batch; it is published again from its position");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(int code, String line) {
        System.err.println("collector: " + line);
        Runtime.getRuntime().exit(code);
    }
}
