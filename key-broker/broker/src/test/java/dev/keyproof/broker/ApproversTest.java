package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may approve is changed by a quorum of those who may, and by nothing else. */
@Tag("server")
class ApproversTest {
    private TestHome home;
    private BrokerProcess broker;
    private String admin;

    @BeforeEach
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

    @AfterEach
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
            assertThat(approvers(broker)).containsExactly("alice", "bob", "carol", "erin");
            assertThat(approvers(other)).containsExactly("alice", "bob", "carol", "erin");
            JsonNode asked = asked(other, "{'operation':'DestroyKey','key':'" + key() + "','change':'CHG-1'}");
            assertThat(sign(other, "erin", asked).status()).isEqualTo(200);
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
        assertThat(approvers(broker)).containsExactly("alice", "bob", "carol", "erin");
        assertThat(Records.of(home.journal()).of("service", "ApproverTampered")).isEmpty();
    }

    @Test
    void nobodyIsEnrolledByLessThanAQuorumOfOthers() throws Exception {
        // Given: erin asks for her own enrolment
        String jwk = home.newApprover("erin");
        String erin = home.token("erin", "custodian");
        Reply asked = broker.post("/v1/approvers", erin, wanted("erin", jwk, "custodian"));
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        String id = asked.body().path("id").asText();

        // Then
        assertThat(sign(broker, "erin", asked.body()).problem()).isEqualTo("denied");
        assertThat(sign(broker, "alice", asked.body()).status()).isEqualTo(200);
        assertThat(put("erin", id).problem()).isEqualTo("denied");
        assertThat(broker.call("PUT", "/v1/approvers/erin", admin, "{}").problem())
                .isEqualTo("invalid-input");
        assertThat(sign(broker, "bob", asked.body()).status()).isEqualTo(200);
        assertThat(put("frank", id).problem()).isEqualTo("approval-invalid");
        // What was approved is this key, whatever the row says by now.
        home.execute(
                "UPDATE approval SET enrolment = replace(enrolment, 'custodian', 'custodiam') WHERE id = '" + id + "'");
        assertThat(put("erin", id).problem()).isEqualTo("approval-invalid");
        home.execute(
                "UPDATE approval SET enrolment = replace(enrolment, 'custodiam', 'custodian') WHERE id = '" + id + "'");
        assertThat(put("erin", id).status()).isEqualTo(200);
        assertThat(put("erin", id).problem()).isEqualTo("approval-used");
        assertThat(broker.post("/v1/approvers", admin, wanted("fay", jwk, "custodian"))
                        .problem())
                .isEqualTo("conflict");
        assertThat(broker.post("/v1/approvers", home.token("alice", "custodian"), wanted("gus", jwk, "custodian"))
                        .problem())
                .isEqualTo("denied");
    }

    @Test
    void whoIsRevokedCountsNoMoreAndEnoughAreLeft() throws Exception {
        String key = key();
        JsonNode asked = asked(broker, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-1'}");
        assertThat(sign(broker, "alice", asked).status()).isEqualTo(200);
        assertThat(sign(broker, "carol", asked).status()).isEqualTo(200);

        // When: carol is revoked, and bob is to be
        Reply revoked = revoke("carol", "alice", "bob");

        // Then
        assertThat(revoked.status()).as("%s", revoked).isEqualTo(200);
        assertThat(approvers(broker)).containsExactly("alice", "bob");
        assertThat(broker.post(
                                "/v1/keys/" + key + ":destroy",
                                admin,
                                "{'approval':'" + asked.path("id").asText() + "'}")
                        .problem())
                .isEqualTo("denied");
        JsonNode again = asked(broker, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-2'}");
        assertThat(sign(broker, "carol", again).problem()).isEqualTo("approval-invalid");
        Reply below = revoke("bob", "alice", "bob");
        assertThat(below.problem()).isEqualTo("denied");
        assertThat(below.body().path("reasons").toString()).contains("too-few-approvers");
        assertThat(approvers(broker)).containsExactly("alice", "bob");
    }

    @Test
    void whatNobodySealedIsNotBelieved() throws Exception {
        // Given: what somebody writes who has the database's password: an approver of his own, as a first one and as
        // one approved
        String document = "{\"approver\":\"mallory\",\"jwk\":" + home.newApprover("mallory")
                + ",\"roles\":[\"custodian\"],\"thumbprint\":\"x\"}";
        String evidence = home.select("SELECT '{}'");
        for (String source : List.of("broker-1", "broker-2", "broker-9")) {
            for (String made : List.of("NULL", "'" + evidence + "'")) {
                home.execute("INSERT INTO approver_entry VALUES (4, 'EnrolApprover', '" + document + "', " + made
                        + ", '" + source + "', (SELECT epoch FROM approver_entry LIMIT 1), 1)");
                assertThat(approvers(broker)).containsExactly("alice", "bob", "carol");
                home.execute("DELETE FROM approver_entry WHERE number = 4");
            }
        }
        assertThat(Records.of(home.journal()).of("service", "ApproverTampered")).isNotEmpty();
        // When: other roles in the file, and a row that is gone
        Path file = home.root().resolve("approvers.json");
        Files.writeString(
                file, Files.readString(file).replace("\"kid\":\"alice\"", "\"roles\":[\"x\"],\"kid\":\"alice\""));
        broker.close();
        broker = home.start();
        // Then
        assertThat(broker.get("/v1/approvers", admin)
                        .body()
                        .path("approvers")
                        .path(0)
                        .path("roles")
                        .path(0)
                        .asText())
                .isEqualTo("custodian");
        assertThat(broker.output()).contains("event=approver-not-enrolled approver=alice");
        home.execute("DELETE FROM approver_entry WHERE number = 3");
        assertThat(approvers(broker)).containsExactly("alice", "bob", "carol");
        assertThat(Records.of(home.journal())
                        .of("service", "ApproverTampered")
                        .getLast()
                        .toString())
                .contains("not in the book any more");
    }

    @Test
    void onePersonUnderTwoNamesDoesNotApproveTheOwnRequest() throws Exception {
        Reply asked = broker.post(
                "/v1/approvals",
                home.token("carola", "administrator"),
                "{'operation':'DestroyKey','key':'" + key() + "','change':'CHG-1'}");

        assertThat(sign(broker, "carol", asked.body()).problem()).isEqualTo("denied");
        assertThat(sign(broker, "alice", asked.body()).status()).isEqualTo(200);
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
                    sign(broker, "alice", asked);
                } catch (Exception killed) {
                    // The call that the kill cut off was not answered.
                }
            });
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            !Records.of(home.journal()).of("intent", "Approve").isEmpty());
            broker.kill();
            cut.join();
            other.rollback();
        }

        // When
        broker = home.start();

        // Then
        Records records = Records.of(home.journal());
        String intent = records.of("intent", "Approve")
                .getFirst()
                .path("metadata")
                .path("uid")
                .asText();
        List<JsonNode> outcomes = records.of("approval", "Approve");
        assertThat(outcomes).hasSize(1);
        assertThat(Records.keyproof(outcomes.getFirst()).path("intent").asText())
                .isEqualTo(intent);
        assertThat(outcomes.getFirst().path("status_id").asInt()).isEqualTo(2);
        assertThat(sign(broker, "alice", asked).status()).isEqualTo(200);
        for (String step : List.of("RequestApproval", "Approve")) {
            assertThat(Records.of(home.journal()).of("intent", step)).isNotEmpty();
        }
    }

    @Test
    void whatTookEffectBeforeItWasCutOffIsSettledWithItsEvidenceOnce() throws Exception {
        // Given: the database takes its time to commit, and does so after its client has gone
        String approval = home.approved(broker, "/v1/approvers", wanted("erin", home.newApprover("erin"), "custodian"));
        home.execute("CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " BEGIN PERFORM pg_sleep(3); RETURN NULL; END $$;"
                + " CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON approver_entry DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION linger()");
        CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> {
            try {
                put("erin", approval);
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
                .until(() -> home.select("SELECT count(*) FROM approver_entry").equals("4"));

        // When
        broker = home.start();

        // Then
        List<JsonNode> outcomes = Records.of(home.journal()).of("operation", "EnrolApprover");
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().path("status_id").asInt()).isEqualTo(1);
        JsonNode detail = Records.keyproof(outcomes.getFirst()).path("detail");
        assertThat(detail.path("approver").asText()).isEqualTo("erin");
        assertThat(detail.path("jws")).hasSize(2);
        for (String said : List.of("approval", "statement", "jws", "quorumClock", "jwk")) {
            assertThat(detail.has(said)).as(said).isTrue();
            assertThat(detail.path("intent").has(said)).as(said).isFalse();
        }
        assertThat(approvers(broker)).containsExactly("alice", "bob", "carol", "erin");
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

    private Reply revoke(String id, String... by) throws Exception {
        JsonNode asked =
                asked(broker, "{'operation':'RevokeApprover','change':'CHG-6','parameters':{'approver':'" + id + "'}}");
        for (String approver : by) {
            sign(broker, approver, asked);
        }
        return broker.call(
                "DELETE",
                "/v1/approvers/" + id + "?approval=" + asked.path("id").asText(),
                admin,
                null);
    }

    private JsonNode asked(BrokerProcess at, String body) throws Exception {
        Reply asked = at.post("/v1/approvals", admin, body);
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        return asked.body();
    }

    private Reply sign(BrokerProcess at, String approver, JsonNode asked) throws Exception {
        return at.post(
                "/v1/approvals/" + asked.path("id").asText() + "/signatures",
                home.token(approver, "custodian"),
                "{'jws':'" + home.approve(approver, asked.path("statement").asText()) + "'}");
    }

    private List<String> approvers(BrokerProcess at) throws Exception {
        List<String> ids = new ArrayList<>();
        at.get("/v1/approvers", admin)
                .body()
                .path("approvers")
                .forEach(approver -> ids.add(approver.path("id").asText()));
        return ids;
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
