package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What leaves the book of approvers, and what never was in it. */
@Tag("server")
class ApproverBookTest {
    private TestHome home;
    private BrokerProcess broker;
    private String admin;

    @BeforeEach
    void start() throws Exception {
        home = TestHome.create().set("keyproof.peers", "broker-1,broker-2");
        broker = home.start();
        admin = home.token("root", "administrator");
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
        home.close();
    }

    @Test
    void whoIsRevokedCountsNoMoreAndEnoughAreLeft() throws Exception {
        String key = key();
        JsonNode asked = asked(broker, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-1'}");
        assertThat(home.sign(broker, "alice", asked).status()).isEqualTo(200);
        assertThat(home.sign(broker, "carol", asked).status()).isEqualTo(200);

        // When: carol is revoked, and bob is to be
        Reply revoked = revoke("carol", "alice", "bob");

        // Then
        assertThat(revoked.status()).as("%s", revoked).isEqualTo(200);
        assertThat(home.approvers(broker)).containsExactly("alice", "bob");
        assertThat(broker.post(
                                "/v1/keys/" + key + ":destroy",
                                admin,
                                "{'approval':'" + asked.path("id").asText() + "'}")
                        .problem())
                .isEqualTo("denied");
        JsonNode again = asked(broker, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-2'}");
        assertThat(home.sign(broker, "carol", again).problem()).isEqualTo("approval-invalid");
        Reply below = revoke("bob", "alice", "bob");
        assertThat(below.problem()).isEqualTo("denied");
        assertThat(below.body().path("reasons").toString()).contains("too-few-approvers");
        assertThat(home.approvers(broker)).containsExactly("alice", "bob");
    }

    @Test
    void whatNobodySealedIsNotBelieved() throws Exception {
        // Given: what somebody writes who has the database's password: an approver of his own, as a first one and as
        // one approved
        String document = "{\"approver\":\"mallory\",\"jwk\":" + home.newApprover("mallory")
                + ",\"roles\":[\"custodian\"],\"thumbprint\":\"x\"}";
        String evidence = "{}";
        for (String source : List.of("broker-1", "broker-2", "broker-9")) {
            for (String made : List.of("NULL", "'" + evidence + "'")) {
                home.execute("INSERT INTO approver_entry VALUES (4, 'EnrolApprover', '" + document + "', " + made
                        + ", '" + source + "', (SELECT epoch FROM approver_entry LIMIT 1), 1)");
                // Nobody asks, and it is told all the same.
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !Records.of(home.journal())
                                .of("service", "ApproverTampered")
                                .isEmpty());
                assertThat(home.approvers(broker)).containsExactly("alice", "bob", "carol");
                home.execute("DELETE FROM approver_entry WHERE number = 4");
            }
        }
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
        assertThat(home.approvers(broker)).containsExactly("alice", "bob", "carol");
        assertThat(Records.of(home.journal())
                        .of("service", "ApproverTampered")
                        .getLast()
                        .toString())
                .contains("not in the book any more");
    }

    @Test
    void whoIsRevokedLendsNothingAnyMoreAtABrokerThatRunsOrStarts() throws Exception {
        // Given: what alice and bob lent
        String key = key();
        String olga = home.token("olga", "operator");
        JsonNode asked = broker.post(
                        "/v1/elevations",
                        olga,
                        "{'reason':'INC-7','change':'CHG-7','role':'custodian','minutes':30,'keys':['" + key + "']}")
                .body();
        String elevation = asked.path("elevation").path("id").asText();
        JsonNode request = broker.get(
                        "/v1/approvals/"
                                + asked.path("elevation").path("approval").asText(),
                        admin)
                .body();
        for (String approver : List.of("alice", "bob")) {
            assertThat(home.sign(broker, approver, request).status()).isEqualTo(200);
        }
        assertThat(broker.post("/v1/elevations/" + elevation + ":activate", olga, "{}")
                        .status())
                .isEqualTo(200);
        assertThat(rotate(key, olga).status()).isEqualTo(200);

        // When
        Reply revoked = revoke("alice", "bob", "carol");

        // Then
        assertThat(revoked.status()).as("%s", revoked).isEqualTo(200);
        await().until(() -> rotate(key, olga).problem().equals("denied"));
        broker.close();
        broker = home.start();
        assertThat(rotate(key, olga).problem()).isEqualTo("denied");
        assertThat(Records.of(home.journal()).of("service", "ElevationUnfounded"))
                .as("told once by each that ran")
                .hasSize(2);
    }

    private Reply rotate(String key, String token) throws Exception {
        return broker.post("/v1/keys/" + key + ":rotate", token, "{}");
    }

    private Reply revoke(String id, String... by) throws Exception {
        JsonNode asked =
                asked(broker, "{'operation':'RevokeApprover','change':'CHG-6','parameters':{'approver':'" + id + "'}}");
        for (String approver : by) {
            home.sign(broker, approver, asked);
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

    private String key() throws Exception {
        return broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }
}
