package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A key may fail a rule for a time, as a quorum approved it, which the record carries. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleExceptionsTest {
    private static final String WANTED = "'exception':'migration-7','rule':'lifecycle/cryptoperiod','days':90,"
            + "'reason':'the mainframe moves in spring','compensating':'used by one service on one host'";

    private TestHome home;
    private BrokerProcess broker;
    private String compliance;
    private String key;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        broker = home.start();
        compliance = home.token("cora", "compliance");
        key = broker.post(
                        "/v1/keys",
                        home.token("root", "administrator"),
                        "{'name':'k','algorithm':'AES_256_GCM','purpose':'encrypt'}")
                .body()
                .path("id")
                .asText();
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private Reply grant(String token, String wanted) throws Exception {
        return broker.post("/v1/keys/" + key + ":grant-exception", token, "{" + wanted + "}");
    }

    private String approved(String parameters) throws Exception {
        JsonNode asked = broker.post(
                        "/v1/approvals",
                        compliance,
                        "{'operation':'GrantException','key':'" + key + "','change':'CHG-7','parameters':{" + parameters
                                + "}}")
                .body();
        for (String approver : List.of("alice", "bob")) {
            assertThat(home.sign(broker, approver, asked).status()).isEqualTo(200);
        }
        return asked.path("id").asText();
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
    void anExceptionIsGrantedByAQuorumAndWithdrawnOnTheRecord() throws Exception {
        refused(grant(compliance, WANTED), "denied", "approval-invalid", "quorum-not-met");
        Instant before = Instant.now().minusSeconds(1);
        String approval = approved(WANTED);

        Reply granted = grant(compliance, WANTED + ",'approval':'" + approval + "'");

        assertThat(granted.status()).as("%s", granted).isEqualTo(200);
        JsonNode event = record(granted);
        assertThat(event.path("resources").path(0).path("uid").asText()).isEqualTo(key);
        assertThat(event.path("resources").path(0).at("/data/state").asText()).isEqualTo("active");
        JsonNode detail = Records.keyproof(event).path("detail");
        assertThat(detail.path("exception").asText()).isEqualTo("migration-7");
        assertThat(detail.path("rule").asText()).isEqualTo("lifecycle/cryptoperiod");
        assertThat(detail.path("compensating").asText()).isEqualTo("used by one service on one host");
        assertThat(detail.path("jws")).hasSize(2);
        assertThat(Instant.ofEpochSecond(detail.path("until").asLong()))
                .isBetween(
                        before.plus(Duration.ofDays(90)),
                        Instant.now().plusSeconds(1).plus(Duration.ofDays(90)));
        assertThat(Records.keyproof(event).path("intent").asText()).isNotEmpty();
        refused(grant(compliance, WANTED + ",'approval':'" + approval + "'"), "approval-used");

        Reply withdrawn = broker.post(
                "/v1/keys/" + key + ":withdraw-exception", compliance, "{'exception':'migration-7','reason':'moved'}");

        assertThat(withdrawn.status()).as("%s", withdrawn).isEqualTo(200);
        assertThat(record(withdrawn).path("api").path("operation").asText()).isEqualTo("WithdrawException");
        assertThat(Records.keyproof(record(withdrawn)).at("/detail/exception").asText())
                .isEqualTo("migration-7");
    }

    /** What was approved is this rule, these days and these reasons. */
    @Test
    void anotherExceptionThanTheOneApprovedIsNotGranted() throws Exception {
        String approval = approved(WANTED);

        for (String other : List.of(
                WANTED.replace("90", "91"),
                WANTED.replace("cryptoperiod", "dormant"),
                WANTED.replace("one host", "any host"))) {
            refused(grant(compliance, other + ",'approval':'" + approval + "'"), "approval-invalid");
        }
    }

    @Test
    void whoManagesOrUsesKeysExemptsNone() throws Exception {
        for (String role : List.of("administrator", "application", "operator")) {
            refused(
                    grant(home.token("someone-" + role, role), WANTED),
                    "denied",
                    "approval-invalid",
                    "quorum-not-met",
                    "role-not-permitted");
        }
    }

    @Test
    void whatIsNoExceptionIsRefusedAndOnTheRecord() throws Exception {
        for (String wrong : List.of(
                WANTED.replace("migration-7", "a b"),
                WANTED.replace("lifecycle/cryptoperiod", "cryptoperiod"),
                WANTED.replace("90", "0"),
                WANTED.replace("'reason':'the mainframe moves in spring',", ""),
                WANTED.replace(",'compensating':'used by one service on one host'", ""))) {
            Reply reply = grant(compliance, wrong);

            refused(reply, "invalid-input");
            assertThat(record(reply).path("api").path("operation").asText()).isEqualTo("GrantException");
        }
        refused(
                grant(compliance, WANTED.replace("90", "181")),
                "denied",
                "approval-invalid",
                "exception-not-permitted",
                "quorum-not-met");
        refused(
                grant(compliance, WANTED.replace("cryptoperiod", "unheard_of")),
                "denied",
                "approval-invalid",
                "exception-not-permitted",
                "quorum-not-met");
    }
}
