package dev.keyproof.alerts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends alerts to one receiver as Standard Webhooks: a bounded number of attempts, waits that double, with jitter. */
final class WebhookSender {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

    private final String name;
    private final URI url;
    private final WebhookSecret secret;
    private final FeedConfig.Webhook settings;
    private final HttpClient http;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CountDownLatch stop;
    private volatile String lastFault = "";

    WebhookSender(
            FeedConfig.Webhook settings,
            WebhookSecret secret,
            HttpClient http,
            InstantSource clock,
            RandomGenerator random,
            CountDownLatch stop) {
        this.name = String.valueOf(settings.name());
        this.url = URI.create(String.valueOf(settings.url()));
        this.secret = secret;
        this.settings = settings;
        this.http = http;
        this.clock = clock;
        this.random = random;
        this.stop = stop;
    }

    /** How a delivery ended. */
    enum Outcome {
        DELIVERED,
        /** All attempts failed. */
        FAILED,
        /** Told to stop in between: neither delivered nor given up. */
        STOPPED
    }

    String name() {
        return name;
    }

    /** Why the last attempt failed; empty if it did not. Any thread. */
    String lastFault() {
        return lastFault;
    }

    Outcome deliver(Alert alert) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            if (attempt(alert)) {
                return Outcome.DELIVERED;
            }
            LOG.warn(
                    "webhook={} uid={} attempt={} of={} reason=\"{}\"",
                    name,
                    alert.uid(),
                    attempt,
                    settings.attemptsOrDefault(),
                    lastFault);
            if (attempt >= settings.attemptsOrDefault()) {
                return Outcome.FAILED;
            }
            if (stop.await(wait(attempt).toMillis(), TimeUnit.MILLISECONDS)) {
                return Outcome.STOPPED;
            }
        }
    }

    /** One attempt; true if the receiver took it. */
    boolean attempt(Alert alert) throws InterruptedException {
        long timestamp = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "Keyproof")
                .header("webhook-id", alert.uid())
                .header("webhook-timestamp", Long.toString(timestamp))
                .header("webhook-signature", secret.sign(alert.uid(), timestamp, alert.body()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(alert.body()))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            lastFault = status / 100 == 2 ? "" : "status " + status;
        } catch (IOException e) {
            lastFault = e.getClass().getSimpleName();
        }
        return lastFault.isEmpty();
    }

    private Duration wait(int failures) {
        long nominal = settings.firstRetry().toMillis();
        for (int i = 1; i < failures && nominal < LONGEST_WAIT.toMillis(); i++) {
            nominal *= 2;
        }
        nominal = Math.min(nominal, LONGEST_WAIT.toMillis());
        return Duration.ofMillis(nominal / 2 + random.nextLong(nominal / 2 + 1));
    }
}
