package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a broker says of itself to whom policy allows, and to others. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsTest {
    private TestHome home;
    private BrokerProcess broker;
    private String app;
    private String key;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        broker = home.start();
        app = home.token("payments", "application");
        key = broker.post("/v1/keys", home.token("root", "administrator"), "{'name':'k','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }

    @AfterAll
    void stop() throws Exception {
        broker.close();
        home.close();
    }

    private HttpResponse<String> scrape() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(broker.base().resolve("/v1/metrics"))
                .header("Authorization", "Bearer " + home.token("prometheus", "monitor"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The value of the one line that begins so. */
    private static double value(String text, String series) {
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    @Test
    void everyCallIsCountedAndTimedByItsOutcome() throws Exception {
        for (int i = 0; i < 5; i++) {
            broker.post("/v1/keys/" + key + ":encrypt", app, "{'plaintext':'aGVsbG8='}");
        }
        broker.post("/v1/keys/" + key + ":encrypt", app, "{'plaintext':'?'}");
        broker.post("/v1/keys/" + key + ":encrypt", app, "no JSON");
        broker.post("/v1/keys/" + key + ":encrypt", home.token("eve", "auditor"), "{'plaintext':'aGVsbG8='}");

        HttpResponse<String> response = scrape();
        String text = response.body();

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        String encrypt = "keyproof_operation_duration_seconds_%s{operation=\"Encrypt\",outcome=\"%s\"%s}";
        assertThat(value(text, encrypt.formatted("count", "success", ""))).isEqualTo(5);
        assertThat(value(text, encrypt.formatted("bucket", "success", ",le=\"+Inf\"")))
                .isEqualTo(5);
        assertThat(value(text, encrypt.formatted("bucket", "success", ",le=\"0.03\"")))
                .isBetween(0.0, 5.0);
        assertThat(value(text, encrypt.formatted("count", "refused", ""))).isEqualTo(3);
        assertThat(value(text, "keyproof_refusals_total{error_type=\"denied\",reason=\"role-not-permitted\"}"))
                .isEqualTo(1);
        assertThat(value(text, "keyproof_refusals_total{error_type=\"invalid-input\",reason=\"\"}"))
                .isEqualTo(2);
        assertThat(value(text, "keyproof_decision_duration_seconds_count")).isGreaterThanOrEqualTo(7);
        assertThat(value(text, "keyproof_decision_remembered_total") + value(text, "keyproof_decision_evaluated_total"))
                .isGreaterThanOrEqualTo(7);
        assertThat(value(text, "keyproof_journal_records_total")).isGreaterThanOrEqualTo(7);
        assertThat(value(text, "keyproof_journal_commit_duration_seconds_count"))
                .isPositive();
        assertThat(value(text, "keyproof_journal_commit_duration_seconds_sum")).isPositive();
        assertThat(value(text, "keyproof_journal_append_duration_seconds_count"))
                .isGreaterThanOrEqualTo(7);
        assertThat(value(text, "keyproof_journal_waiting")).isNotNegative();
        assertThat(value(text, "keyproof_lease_age_seconds")).isBetween(0.0, 10.0);
        assertThat(value(text, "keyproof_keys_held")).isEqualTo(1);
        assertThat(value(text, "keyproof_token_sessions{shard=\"1\",state=\"idle\",token=\"broker\"}"))
                .isNotNegative();
        assertThat(value(text, "db_client_connection_count{db_client_connection_state=\"idle\"}"))
                .isPositive();
        assertThat(value(text, "db_client_connection_max")).isEqualTo(8);
        assertThat(text).contains("jvm_memory_used_bytes", "keyproof_approvals_waiting");
        assertThat(text).doesNotContain(key, "payments", "aGVsbG8=");
    }

    @Test
    void metricsAndPartsAreForWhomPolicyAllowsAndOnTheRecord() throws Exception {
        String record = scrape().headers().firstValue("Keyproof-Record").orElseThrow();
        Reply stranger = broker.get("/v1/metrics", null);
        Reply application = broker.get("/v1/metrics", app);
        Reply parts = broker.get("/v1/health", home.token("ops", "operator"));
        Reply refused = broker.get("/v1/health", app);
        Reply bare = broker.get("/readyz", null);

        JsonNode event = Records.of(home.journal()).at(record);
        assertThat(event.path("api").path("operation").asText()).isEqualTo("ReadMetrics");
        assertThat(Records.keyproof(event).path("decision").isObject()).isTrue();
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(application.status()).isEqualTo(403);
        assertThat(application.record()).isPresent();
        assertThat(parts.body().path("status").asText()).isEqualTo("UP");
        assertThat(parts.body().path("parts").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("database", "journal", "server", "token");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(bare.body().properties()).hasSize(1);
        assertThat(bare.body().path("status").asText()).isEqualTo("UP");
    }

    @Test
    void aCallersTraceIsOnTheRecordThoughNobodyCollectsTraces() throws Exception {
        Reply reply = broker.call(
                "GET",
                "/v1/keys/" + key,
                home.token("root", "administrator"),
                null,
                Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        JsonNode event = Records.of(home.journal()).at(reply.record().orElseThrow());
        assertThat(Records.keyproof(event).at("/detail/trace").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }
}
