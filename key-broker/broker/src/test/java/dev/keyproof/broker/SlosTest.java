package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a broker says of the service's objectives, and that policy's data sets them. */
@Tag("server")
class SlosTest {
    private static JsonNode objective(BrokerProcess broker, String token, String name) throws Exception {
        JsonNode answer = broker.get("/v1/slos", token).body();
        for (JsonNode objective : answer.path("objectives")) {
            if (objective.path("objective").asText().equals(name)) {
                return objective;
            }
        }
        throw new AssertionError(name + " is not in " + answer);
    }

    @Test
    void objectivesAreMeasuredAgainstWhatPolicySays() throws Exception {
        try (TestHome home = TestHome.create()
                .policy(parameters ->
                        ((ObjectNode) parameters.path("slos").path("sign")).put("milliseconds", 10_000))) {
            try (BrokerProcess broker = home.start()) {
                String admin = home.token("root", "administrator");
                String app = home.token("payments", "application");
                String auditor = home.token("eve", "auditor");
                String sign = broker.post("/v1/keys", admin, "{'name':'s','algorithm':'EC_P256'}")
                        .body()
                        .path("id")
                        .asText();
                String doomed = broker.post("/v1/keys", admin, "{'name':'d','algorithm':'EC_P256'}")
                        .body()
                        .path("id")
                        .asText();
                for (int i = 0; i < 3; i++) {
                    broker.post("/v1/keys/" + sign + ":sign", app, "{'message':'aGVsbG8='}");
                }
                broker.post("/v1/keys/" + sign + ":sign", app, "{'message':'?'}");
                // Two requests of approval: one gets its quorum, the other has waited for it for two hours.
                home.approved(broker, "{'operation':'DestroyKey','key':'" + doomed + "','change':'CHG-1'}");
                String waiting = broker.post(
                                "/v1/approvals",
                                admin,
                                "{'operation':'DestroyKey','key':'" + sign + "','change':'CHG-2'}")
                        .body()
                        .path("id")
                        .asText();
                home.execute("UPDATE approval SET created = created - interval '2 hours' WHERE id = '" + waiting + "'");
                // And one move of data keys that took four days.
                home.execute(
                        "INSERT INTO re_wrap (kek, version, total, moved, failed, per_second, ordered_by, began, due,"
                                + " ended) VALUES ('" + sign
                                + "', 1, 0, 0, 0, 1, 'x', now() - interval '5 days', now(), now() -"
                                + " interval '1 day')");

                JsonNode signing = objective(broker, auditor, "sign");
                JsonNode quorum = objective(broker, auditor, "quorum");
                JsonNode rotation = objective(broker, auditor, "kek-rotation");
                JsonNode completeness = objective(broker, auditor, "audit-completeness");
                JsonNode availability = objective(broker, auditor, "availability");

                assertThat(signing.path("target").asText()).contains("10000 ms");
                assertThat(signing.path("total").asInt()).isEqualTo(3);
                assertThat(signing.path("good").asInt()).isEqualTo(3);
                assertThat(signing.path("met").asBoolean()).isTrue();
                assertThat(signing.path("budgetLeft").asDouble()).isEqualTo(1);
                assertThat(quorum.path("good").asInt()).isEqualTo(1);
                assertThat(quorum.path("total").asInt()).isEqualTo(2);
                assertThat(quorum.path("met").asBoolean(true)).isFalse();
                assertThat(rotation.path("good").asInt()).isZero();
                assertThat(rotation.path("total").asInt()).isEqualTo(1);
                assertThat(availability.path("total").asInt()).isGreaterThanOrEqualTo(6);
                assertThat(availability.path("measured").asDouble()).isEqualTo(1);
                assertThat(completeness.path("source").asText()).isEqualTo("evidence-service");
                assertThat(completeness.has("measured")).isFalse();
                assertThat(broker.get("/v1/slos", app).status()).isEqualTo(403);
            }
        }
    }
}
