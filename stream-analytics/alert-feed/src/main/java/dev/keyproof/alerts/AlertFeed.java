package dev.keyproof.alerts;

import dev.keyproof.event.EventCodec;
import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alert feed process: {@code AlertFeed CONFIG.yaml}. Ends with 0 when told to stop, 2 on a bad configuration. */
public final class AlertFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertFeed.class);
    private static final Duration END = Duration.ofSeconds(8);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final FeedServer server;

    private AlertFeed(FeedConfig config, InstantSource clock) throws ConfigException, IOException {
        tryOut(config);
        EventCodec codec = new EventCodec();
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        List<Delivery> deliveries = new ArrayList<>();
        for (FeedConfig.Webhook webhook : config.webhooks()) {
            WebhookSecret secret = WebhookSecret.read(Path.of(String.valueOf(webhook.secretFile())));
            WebhookSender sender = new WebhookSender(webhook, secret, http, clock, RandomGenerator.getDefault(), stop);
            deliveries.add(
                    new Delivery(sender, webhook.retryParked(), config.group(), config.kafka(), codec, clock, stop));
        }
        AlertBook book = new AlertBook(config.keep(), config.group(), config.kafka(), codec, stop);
        this.server = new FeedServer(
                config.http().portOrFree(), token(config.http().tokenFile()), book, deliveries, codec.mapper());
        threads.add(Thread.ofPlatform().name("book").start(book));
        deliveries.forEach(delivery -> threads.add(
                Thread.ofPlatform().name("webhook-" + delivery.name()).start(delivery)));
    }

    /** The process. */
    public static void main(String[] args) {
        if (args.length != 1) {
            fail("usage: AlertFeed CONFIG.yaml");
            return;
        }
        try {
            AlertFeed feed = start(FeedConfig.read(Path.of(args[0])), Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(feed::close));
            LOG.info("started port={}", feed.port());
        } catch (ConfigException e) {
            fail(args[0] + ": " + e.getMessage());
        } catch (BindException e) {
            fail(args[0] + ": http.port is taken; choose another or stop what listens there");
        } catch (IOException e) {
            fail(args[0] + ": the pull API cannot be served: " + e.getMessage());
        }
    }

    /**
     * A feed that runs until it is closed.
     *
     * @throws ConfigException if a file that the configuration names cannot be used
     * @throws IOException if the port is taken
     */
    static AlertFeed start(FeedConfig config, InstantSource clock) throws ConfigException, IOException {
        return new AlertFeed(config, clock);
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        stop.countDown();
        server.close();
        for (Thread thread : threads) {
            try {
                if (!thread.join(END)) {
                    // In the middle of an attempt; it is made again after the next start.
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        LOG.info("stopped");
    }

    private static void tryOut(FeedConfig config) throws ConfigException {
        try {
            AlertTopic.consumer(config.kafka(), config.group()).close();
        } catch (KafkaException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new ConfigException("kafka: " + cause.getMessage());
        }
    }

    private static byte @Nullable [] token(@Nullable String file) throws ConfigException {
        if (file == null) {
            return null;
        }
        try {
            String token = Files.readString(Path.of(file)).strip();
            if (token.length() < 16) {
                throw new ConfigException("http.tokenFile: the token in " + file + " has less than 16 characters");
            }
            return token.getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException("http.tokenFile: " + file + " cannot be read");
        }
    }

    private static void fail(String line) {
        System.err.println("alert-feed: " + line);
        Runtime.getRuntime().exit(2);
    }
}
