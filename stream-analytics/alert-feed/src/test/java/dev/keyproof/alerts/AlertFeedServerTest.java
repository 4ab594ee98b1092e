package dev.keyproof.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.collector.testing.KafkaServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The feed between a real Kafka and a receiver that has bad days. */
@Tag("server")
@Timeout(120)
final class AlertFeedServerTest {
    private static final String TOKEN = "a-token-of-the-test";
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    private final Path dir;
    private final KafkaServer kafka;
    private final Receiver receiver = new Receiver();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();

    AlertFeedServerTest(@TempDir Path dir) throws IOException {
        this.dir = dir;
        this.kafka = KafkaServer.start(dir.resolve("kafka"));
        kafka.createTopics("alerts");
        Files.writeString(dir.resolve("token"), TOKEN + "\n");
        Files.writeString(dir.resolve("secret"), "whsec_" + Base64.getEncoder().encodeToString(SECRET));
        Files.writeString(dir.resolve("feed.yaml"), """
                kafka: {bootstrap.servers: "%s"}
                http: {tokenFile: "%s"}
                webhooks:
                  - {name: soc, url: "%s", secretFile: "%s", attempts: 3, firstRetryMillis: 20, retryParkedMillis: 600000}
                """.formatted(
                        kafka.bootstrap(), dir.resolve("token"), receiver.url(), dir.resolve("secret")));
    }

    @AfterEach
    void stop() {
        receiver.close();
        kafka.close();
        http.close();
    }

    @Test
    void everyAlertIsTakenOnceThroughFailuresRepetitionsAndRestarts() throws Exception {
        receiver.refuse(2);
        send("a", "b", "a", "c");
        try (AlertFeed feed = feed()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> receiver.ids().equals(List.of("a", "b", "c")));
            await().until(() -> health(feed).path("status").asText().equals("UP"));
            assertThat(receiver.refused()).isEqualTo(2);
            assertThat(health(feed).at("/webhooks/0/duplicates").asInt()).isEqualTo(1);
        }
        send("b", "d");
        try (AlertFeed feed = feed()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> receiver.ids().equals(List.of("a", "b", "c", "d")));
            assertThat(feed.port()).isPositive();
        }
        assertThat(receiver.delivered()).allSatisfy(request -> {
            assertThat(request.body()).isEqualTo(alert(request.id()));
            assertThat(request.signature()).isEqualTo(independently(request));
        });
    }

    @Test
    void whatIsNotTakenIsShownAsUndeliveredAndDeliveredLater() throws Exception {
        receiver.refuse(3);
        send("a", "b");
        try (AlertFeed feed = feed()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> receiver.ids().equals(List.of("b")));
            await().until(() -> deliveries(feed).equals(List.of("undelivered", "delivered")));
            assertThat(health(feed).path("status").asText()).isEqualTo("DEGRADED");
        }
        Files.writeString(
                dir.resolve("feed.yaml"),
                Files.readString(dir.resolve("feed.yaml"))
                        .replace("retryParkedMillis: 600000", "retryParkedMillis: 100"));
        try (AlertFeed feed = feed()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> receiver.ids().equals(List.of("b", "a")));
            await().until(() -> deliveries(feed).equals(List.of("delivered", "delivered")));
            await().until(() -> health(feed).path("status").asText().equals("UP"));
        }
    }

    @Test
    void thePullApiPagesForWhoeverHoldsTheToken() throws Exception {
        send(IntStream.range(0, 25).mapToObj(i -> "u" + i).toArray(String[]::new));
        try (AlertFeed feed = feed()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> health(feed).path("alerts").asInt() == 25);

            JsonNode first = alerts(feed, "?limit=10");
            JsonNode rest =
                    alerts(feed, "?limit=100&after=" + first.path("next").asText());
            assertThat(first.path("alerts").findValuesAsText("cursor")).hasSize(10);
            assertThat(rest.path("alerts")).hasSize(15);
            assertThat(rest.at("/alerts/0/uid").asText()).isEqualTo("u10");
            assertThat(rest.at("/alerts/0/alert/metadata/uid").asText()).isEqualTo("u10");
            assertThat(alerts(feed, "?after=" + rest.path("next").asText()).path("alerts"))
                    .isEmpty();

            assertThat(get(feed, "/v1/alerts", null).statusCode()).isEqualTo(401);
            assertThat(get(feed, "/v1/alerts", TOKEN + "x").statusCode()).isEqualTo(401);
            assertThat(get(feed, "/v1/other", TOKEN).statusCode()).isEqualTo(404);
            assertThat(get(feed, "/v1/alerts?after=x", TOKEN).statusCode()).isEqualTo(400);
            assertThat(get(feed, "/v1/alerts?limit=0", TOKEN).headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
        }
    }

    private AlertFeed feed() throws Exception {
        return AlertFeed.start(FeedConfig.read(dir.resolve("feed.yaml")), Clock.systemUTC());
    }

    private void send(String... uids) {
        kafka.send(
                "alerts",
                null,
                Arrays.stream(uids).map(uid -> alert(uid).getBytes(UTF_8)).toList());
    }

    private static String alert(String uid) {
        return "{\"class_uid\":2004,\"metadata\":{\"uid\":\"" + uid + "\"},\"is_alert\":true}";
    }

    /** The signature by the specification's words, not by our code. */
    private static String independently(Receiver.Delivered request) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] signed = (request.id() + "." + request.timestamp() + "." + request.body()).getBytes(UTF_8);
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    }

    private List<String> deliveries(AlertFeed feed) throws Exception {
        return alerts(feed, "").path("alerts").findValuesAsText("soc");
    }

    private JsonNode health(AlertFeed feed) throws Exception {
        return mapper.readTree(get(feed, "/health", null).body());
    }

    private JsonNode alerts(AlertFeed feed, String query) throws Exception {
        return mapper.readTree(get(feed, "/v1/alerts" + query, TOKEN).body());
    }

    private HttpResponse<byte[]> get(AlertFeed feed, String path, @Nullable String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + feed.port() + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
