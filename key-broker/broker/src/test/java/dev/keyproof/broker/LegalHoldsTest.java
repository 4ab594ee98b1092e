package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Holds on sealed evidence are placed and released by a quorum, which the record carries. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LegalHoldsTest {
    private static final String HOLD = "'hold':'matter-7','fromYear':2026,'toYear':2028,'reason':'court order 7/26'";

    private TestHome home;
    private BrokerProcess broker;
    private String counsel;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        broker = home.start();
        counsel = home.token("carla", "counsel");
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private Reply place(String approval) throws Exception {
        return broker.post("/v1/holds", counsel, "{" + HOLD + ",'approval':'" + approval + "'}");
    }

    private Reply release(String hold, String approval) throws Exception {
        return broker.post(
                "/v1/holds/" + hold + ":release", counsel, "{'reason':'settled','approval':'" + approval + "'}");
    }

    private String approved(String operation, String parameters) throws Exception {
        return home.approved(
                broker, "{'operation':'" + operation + "','change':'CHG-7','parameters':{" + parameters + "}}");
    }

    private JsonNode record(Reply reply) throws Exception {
        return Records.of(home.journal()).at(reply.record().orElseThrow());
    }

    private static void refused(Reply reply, String problem, String... reasons) {
        assertThat(reply.problem()).as("%s", reply).isEqualTo(problem);
        List<String> said = new ArrayList<>();
        reply.body().path("reasons").forEach(reason -> said.add(reason.asText()));
        assertThat(said).containsExactly(reasons);
    }

    @Test
    void aHoldIsPlacedAndReleasedByAQuorumOnTheRecord() throws Exception {
        refused(broker.post("/v1/holds", counsel, "{" + HOLD + "}"), "denied", "approval-invalid", "quorum-not-met");
        String approval = approved("PlaceLegalHold", HOLD);

        Reply placed = place(approval);

        assertThat(placed.status()).as("%s", placed).isEqualTo(201);
        assertThat(placed.body().path("toYear").asInt()).isEqualTo(2028);
        JsonNode event = record(placed);
        assertThat(event.path("resources").path(0).path("type").asText()).isEqualTo("legal-hold");
        JsonNode extension = Records.keyproof(event);
        assertThat(extension.path("detail").path("jws")).hasSize(2);
        assertThat(extension.path("detail").path("reason").asText()).isEqualTo("court order 7/26");
        assertThat(extension
                        .path("decision")
                        .path("input")
                        .path("request")
                        .path("parameters")
                        .path("fromYear")
                        .asInt())
                .isEqualTo(2026);
        refused(place(approval), "approval-used");

        refused(release("matter-7", approval), "approval-used");
        String other = approved("ReleaseLegalHold", "'hold':'matter-8','reason':'settled'");
        refused(release("matter-7", other), "approval-invalid");
        Reply released = release("matter-7", approved("ReleaseLegalHold", "'hold':'matter-7','reason':'settled'"));
        assertThat(released.status()).as("%s", released).isEqualTo(200);
        assertThat(Records.keyproof(record(released)).path("detail").path("jws"))
                .hasSize(2);
    }

    @Test
    void oneSignatureIsNoQuorumAndTheRequestersIsNone() throws Exception {
        JsonNode asked = broker.post(
                        "/v1/approvals",
                        counsel,
                        "{'operation':'PlaceLegalHold','change':'CHG-7','parameters':{" + HOLD + "}}")
                .body();
        assertThat(home.sign(broker, "alice", asked).status()).isEqualTo(200);

        Reply early = place(asked.path("id").asText());

        refused(early, "denied", "quorum-not-met");
        assertThat(record(early).path("status_id").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsNoHoldIsRefusedAndOnTheRecord() throws Exception {
        for (String wrong : List.of(
                "{'hold':'a b','fromYear':2026,'toYear':2028,'reason':'x'}",
                "{'hold':'m','fromYear':2028,'toYear':2026,'reason':'x'}",
                "{'hold':'m','fromYear':26,'toYear':2026,'reason':'x'}",
                "{'hold':'m','fromYear':2026,'toYear':2026}")) {
            Reply reply = broker.post("/v1/holds", counsel, wrong);

            refused(reply, "invalid-input");
            assertThat(record(reply).path("api").path("operation").asText()).isEqualTo("PlaceLegalHold");
        }
        refused(
                broker.post("/v1/holds", home.token("app", "application"), "{" + HOLD + "}"),
                "denied",
                "approval-invalid",
                "quorum-not-met",
                "role-not-permitted");
    }
}
