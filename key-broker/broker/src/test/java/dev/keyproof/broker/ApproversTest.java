package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who may approve is changed by a quorum of those who may, and by nothing else. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApproversTest {
    private TestHome home;
    private BrokerProcess broker;
    private String admin;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create().set("keyproof.peers", "broker-1,broker-2");
        home.policy(parameters -> parameters
                .putObject("persons")
                .putArray("Carol")
                .add("carol")
                .add("x509:carol")
                .add("carola"));
        broker = home.start();
        admin = home.token("root", "administrator");
    }

    @AfterAll
    void stop() throws Exception {
        broker.close();
        home.close();
    }

    @Test
    void aQuorumEnrolsAtAllBrokersAtOnceAndForGood() throws Exception {
        try (BrokerProcess other = home.set("keyproof.source", "broker-2").start()) {
            // When
            Reply enrolled = enrol("erin", "custodian");

            // Then
            assertThat(enrolled.status()).as("%s", enrolled).isEqualTo(200);
            assertThat(home.approvers(broker)).contains("alice", "erin");
            assertThat(home.approvers(other)).contains("alice", "erin");
            JsonNode asked = asked(other, "{'operation':'DestroyKey','key':'" + key() + "','change':'CHG-1'}");
            assertThat(home.sign(other, "erin", asked).status()).isEqualTo(200);
            JsonNode detail = detail(enrolled);
            assertThat(detail.path("approver").asText()).isEqualTo("erin");
            assertThat(detail.path("jwk").path("crv").asText()).isEqualTo("P-256");
            assertThat(detail.path("roles").path(0).asText()).isEqualTo("custodian");
            assertThat(detail.path("jws")).hasSize(2);
            assertThat(detail.path("entry").asText()).startsWith("sha256:");
        }
        broker.close();
        home.set("keyproof.source", "broker-1");
        broker = home.start();
        assertThat(home.approvers(broker)).contains("alice", "erin");
        assertThat(Records.of(home.journal()).of("service", "ApproverTampered")).isEmpty();
    }

    @Test
    void nobodyIsEnrolledByLessThanAQuorumOfOthers() throws Exception {
        // Given: fred asks for her own enrolment
        String jwk = home.newApprover("fred");
        String fred = home.token("fred", "custodian");
        Reply asked = broker.post("/v1/approvers", fred, wanted("fred", jwk, "custodian"));
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        String id = asked.body().path("id").asText();

        // Then
        assertThat(home.sign(broker, "fred", asked.body()).problem()).isEqualTo("denied");
        assertThat(home.sign(broker, "alice", asked.body()).status()).isEqualTo(200);
        assertThat(put("fred", id).problem()).isEqualTo("denied");
        assertThat(broker.call("PUT", "/v1/approvers/fred", admin, "{}").problem())
                .isEqualTo("invalid-input");
        assertThat(home.sign(broker, "bob", asked.body()).status()).isEqualTo(200);
        assertThat(put("frank", id).problem()).isEqualTo("approval-invalid");
        // What was approved is this key, whatever the row says by now.
        home.execute(
                "UPDATE approval SET enrolment = replace(enrolment, 'custodian', 'custodiam') WHERE id = '" + id + "'");
        assertThat(put("fred", id).problem()).isEqualTo("approval-invalid");
        home.execute(
                "UPDATE approval SET enrolment = replace(enrolment, 'custodiam', 'custodian') WHERE id = '" + id + "'");
        assertThat(put("fred", id).status()).isEqualTo(200);
        assertThat(put("fred", id).problem()).isEqualTo("approval-used");
        assertThat(broker.post("/v1/approvers", admin, wanted("fay", jwk, "custodian"))
                        .problem())
                .isEqualTo("conflict");
        assertThat(broker.post("/v1/approvers", home.token("alice", "custodian"), wanted("gus", jwk, "custodian"))
                        .problem())
                .isEqualTo("denied");
    }

    @Test
    void onePersonUnderTwoNamesDoesNotApproveTheOwnRequest() throws Exception {
        Reply asked = broker.post(
                "/v1/approvals",
                home.token("carola", "administrator"),
                "{'operation':'DestroyKey','key':'" + key() + "','change':'CHG-1'}");

        assertThat(home.sign(broker, "carol", asked.body()).problem()).isEqualTo("denied");
        assertThat(home.sign(broker, "alice", asked.body()).status()).isEqualTo(200);
    }

    @Test
    void whatIsCutOffIsSettled() throws Exception {
        JsonNode asked = asked(broker, "{'operation':'DestroyKey','key':'" + key() + "','change':'CHG-1'}");
        try (Connection other = home.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE approval_signature IN EXCLUSIVE MODE");
            CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> {
                try {
                    home.sign(broker, "alice", asked);
                } catch (Exception killed) {
                    // The call that the kill cut off was not answered.
                }
            });
            await().atMost(Duration.ofSeconds(20)).until(() -> intents(asked).size() == 1);
            broker.kill();
            cut.join();
            other.rollback();
        }

        // When
        broker = home.start();

        // Then
        String intent = intents(asked).getFirst().path("metadata").path("uid").asText();
        List<JsonNode> outcomes = Records.of(home.journal()).of("approval", "Approve").stream()
                .filter(event -> Records.keyproof(event).path("intent").asText().equals(intent))
                .toList();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().path("status_id").asInt()).isEqualTo(2);
        assertThat(home.sign(broker, "alice", asked).status()).isEqualTo(200);
        for (String step : List.of("RequestApproval", "Approve")) {
            assertThat(Records.of(home.journal()).of("intent", step)).isNotEmpty();
        }
    }

    @Test
    void whatTookEffectBeforeItWasCutOffIsSettledWithItsEvidenceOnce() throws Exception {
        // Given: the database takes its time to commit, and does so after its client has gone
        String approval = home.approved(broker, "/v1/approvers", wanted("gina", home.newApprover("gina"), "custodian"));
        String before = home.select("SELECT count(*) FROM approver_entry");
        home.execute("CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " BEGIN PERFORM pg_sleep(3); RETURN NULL; END $$;"
                + " CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON approver_entry DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION linger()");
        CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> {
            try {
                put("gina", approval);
            } catch (Exception killed) {
                // The call that the kill cut off was not answered.
            }
        });
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !home.select("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals("0"));
        broker.kill();
        cut.join();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !home.select("SELECT count(*) FROM approver_entry").equals(before));

        home.execute("DROP TRIGGER linger ON approver_entry; DROP FUNCTION linger");

        // When
        broker = home.start();

        // Then
        List<JsonNode> outcomes = Records.of(home.journal()).of("operation", "EnrolApprover").stream()
                .filter(event ->
                        event.path("resources").path(0).path("uid").asText().equals("gina")
                                || Records.keyproof(event)
                                        .path("detail")
                                        .path("approver")
                                        .asText()
                                        .equals("gina"))
                .toList();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().path("status_id").asInt()).isEqualTo(1);
        JsonNode detail = Records.keyproof(outcomes.getFirst()).path("detail");
        assertThat(detail.path("approver").asText()).isEqualTo("gina");
        assertThat(detail.path("jws")).hasSize(2);
        for (String said : List.of("approval", "statement", "jws", "quorumClock", "jwk")) {
            assertThat(detail.has(said)).as(said).isTrue();
            assertThat(detail.path("intent").has(said)).as(said).isFalse();
        }
        assertThat(home.approvers(broker)).contains("alice", "gina");
    }

    private Reply enrol(String id, String roles) throws Exception {
        String approval = home.approved(broker, "/v1/approvers", wanted(id, home.newApprover(id), roles));
        return put(id, approval);
    }

    private static String wanted(String id, String jwk, String roles) {
        return "{'approver':'" + id + "','jwk':" + jwk + ",'roles':['" + roles + "'],'change':'CHG-5'}";
    }

    private Reply put(String id, String approval) throws Exception {
        return broker.call("PUT", "/v1/approvers/" + id, admin, "{\"approval\":\"" + approval + "\"}");
    }

    private List<JsonNode> intents(JsonNode asked) throws Exception {
        return Records.of(home.journal()).of("intent", "Approve").stream()
                .filter(event -> event.path("resources").path(0).path("uid").equals(asked.path("id")))
                .toList();
    }

    private JsonNode asked(BrokerProcess at, String body) throws Exception {
        Reply asked = at.post("/v1/approvals", admin, body);
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        return asked.body();
    }

    private String key() throws Exception {
        return broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }

    private JsonNode detail(Reply reply) throws Exception {
        return Records.keyproof(Records.of(home.journal()).at(reply.record().orElseThrow()))
                .path("detail");
    }
}
