package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Roles and hats for a time, over two brokers on one database; what was called under them; broken glasses. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ElevationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestHome home;
    private BrokerProcess broker;
    private BrokerProcess other;
    private String admin;
    private String auditor;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create().set("keyproof.peers", "broker-1,broker-2");
        // Carol's key is in hardware; alice's and bob's are not.
        JWK carol = JWKSet.load(home.root().resolve("approvers.json").toFile()).getKeyByKeyId("carol");
        String thumbprint = carol.computeThumbprint().toString();
        home.policy(parameters -> {
            ObjectNode glass = parameters.withObject("/elevation/breakGlass");
            glass.putArray("hardTokens").add(thumbprint);
        });
        broker = home.start();
        other = home.set("keyproof.source", "broker-2").start();
        admin = home.token("root", "administrator");
        auditor = home.token("eve", "auditor");
    }

    @AfterAll
    void stop() throws Exception {
        for (BrokerProcess one : new BrokerProcess[] {broker, other}) {
            if (one != null) {
                one.close();
            }
        }
        home.close();
    }

    private String key(String more) throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'EC_P256'" + more + "}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private static void refused(Reply reply, int status, String problem, String said) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.problem()).isEqualTo(problem);
        assertThat(reply.body().toString()).contains(said);
    }

    private Reply ask(String token, String terms) throws Exception {
        return broker.post("/v1/elevations", token, "{'reason':'INC-7','change':'CHG-7'," + terms + "}");
    }

    private static String id(Reply asked) {
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        return asked.body().path("elevation").path("id").asText();
    }

    private void sign(Reply asked, String... approvers) throws Exception {
        for (String approver : approvers) {
            Reply signed = broker.post(
                    "/v1/approvals/"
                            + asked.body().path("elevation").path("approval").asText() + "/signatures",
                    home.token(approver, "custodian"),
                    "{'jws':'"
                            + home.approve(
                                    approver, asked.body().path("statement").asText()) + "'}");
            assertThat(signed.status()).as("%s", signed).isEqualTo(200);
        }
    }

    private Reply activate(String elevation, String token) throws Exception {
        return broker.post("/v1/elevations/" + elevation + ":activate", token, "{}");
    }

    /** An elevation of that person that stands. */
    private String elevated(String token, String terms) throws Exception {
        Reply asked = ask(token, terms);
        sign(asked, "alice", "bob");
        Reply begun = activate(id(asked), token);
        assertThat(begun.status()).as("%s", begun).isEqualTo(200);
        assertThat(begun.body().path("elevation").path("state").asText()).isEqualTo("active");
        return id(asked);
    }

    private Reply rotate(BrokerProcess at, String key, String token) throws Exception {
        return at.post("/v1/keys/" + key + ":rotate", token, "{}");
    }

    private Path journal(int source) {
        return home.root().resolve("journal").resolve("broker-" + source);
    }

    private JsonNode event(Reply reply) throws Exception {
        String record = reply.record().orElseThrow();
        return Records.of(journal(record.startsWith("broker-1/") ? 1 : 2)).at(record);
    }

    private static final String CUSTODIAN = "'role':'custodian','minutes':30";

    @Test
    void aRoleIsLentByAQuorumOnTheKeysOfItsScopeAtEveryBroker() throws Exception {
        String key = key(",'scope':{'tenant':'7'}");
        String outside = key(",'scope':{'tenant':'8'}");
        String olga = home.token("olga", "operator");
        refused(rotate(broker, key, olga), 403, "denied", "role-not-permitted");

        Reply asked = ask(olga, CUSTODIAN + ",'scope':{'tenant':'7'}");
        Reply early = activate(id(asked), olga);
        sign(asked, "alice");
        Reply one = activate(id(asked), olga);
        sign(asked, "bob");
        Reply stranger = activate(id(asked), home.token("otto", "operator"));
        Reply begun = activate(id(asked), olga);
        Reply again = activate(id(asked), olga);

        refused(early, 403, "denied", "quorum-not-met");
        refused(one, 403, "denied", "quorum-not-met");
        refused(stranger, 403, "denied", "elevation-not-permitted");
        assertThat(begun.status()).as("%s", begun).isEqualTo(200);
        refused(again, 409, "approval-used", "used");
        Reply done = rotate(broker, key, olga);
        assertThat(done.status()).as("%s", done).isEqualTo(200);
        await().atMost(Duration.ofMillis(1500))
                .until(() -> rotate(other, key, olga).status() == 200);
        refused(rotate(broker, outside, olga), 403, "denied", "role-not-permitted");
        refused(rotate(broker, key, home.token("otto", "operator")), 403, "denied", "role-not-permitted");
        refused(
                broker.post("/v1/approvals/" + id(asked) + "/signatures", olga, "{'jws':'x'}"),
                404,
                "approval-not-found",
                "");
        JsonNode event = event(done);
        JsonNode decision = Records.keyproof(event).path("decision");
        assertThat(decision.path("result").path("obligations").path("elevation").asText())
                .isEqualTo(id(asked));
        assertThat(decision.path("input")
                        .path("elevations")
                        .path(0)
                        .path("role")
                        .asText())
                .isEqualTo("custodian");
        assertThat(event.path("actor").path("session").path("uid").asText()).isEqualTo(id(asked));
    }

    @Test
    void whatIsNotOfferedIsNotEvenAskedFor() throws Exception {
        String olga = home.token("olga", "operator");
        String key = key("");
        String keys = ",'keys':['" + key + "']";

        refused(ask(olga, "'role':'custodian','minutes':300" + keys), 403, "denied", "elevation-not-permitted");
        refused(ask(olga, "'role':'scheduler','minutes':5" + keys), 403, "denied", "elevation-not-permitted");
        refused(ask(home.token("app", "application"), CUSTODIAN + keys), 403, "denied", "role-not-permitted");
        refused(ask(olga, CUSTODIAN), 422, "invalid-input", "keys");
        refused(ask(olga, CUSTODIAN + ",'hat':'security'" + keys), 422, "invalid-input", "role, hat");
        refused(ask(olga, CUSTODIAN + ",'keys':['01KAV3J8Q4W6Z0X1Y2T3R4S5P6']"), 404, "key-not-found", "");
        refused(broker.get("/v1/elevations/01KAV3J8Q4W6Z0X1Y2T3R4S5P6", auditor), 404, "elevation-not-found", "");
    }

    @Test
    void anEndedElevationLendsNothingAtAnyBrokerOnceThatIsAnswered() throws Exception {
        String key = key("");
        String olga = home.token("olga", "operator");
        for (String who : List.of("olga operator", "alice custodian", "sven administrator")) {
            String elevation = elevated(olga, CUSTODIAN + ",'keys':['" + key + "']");
            await().until(() -> rotate(other, key, olga).status() == 200);
            String[] parts = who.split(" ", -1);

            Reply stranger = broker.post("/v1/elevations/" + elevation + ":end", home.token("otto", "operator"), "{}");
            Reply ended = broker.post("/v1/elevations/" + elevation + ":end", home.token(parts[0], parts[1]), "{}");

            refused(stranger, 403, "denied", "elevation-not-permitted");
            assertThat(ended.status()).as("%s", ended).isEqualTo(200);
            refused(rotate(other, key, olga), 403, "denied", "role-not-permitted");
            refused(rotate(broker, key, olga), 403, "denied", "role-not-permitted");
            assertThat(Records.of(journal(1)).of("intent", "EndElevation"))
                    .anyMatch(event ->
                            event.path("resources").path(0).path("uid").asText().equals(elevation));
        }
    }

    @Test
    void itsTimeEndsItWhateverIsRemembered() throws Exception {
        String key = key("");
        String olga = home.token("olga", "operator");
        String elevation = elevated(olga, "'role':'custodian','minutes':1,'keys':['" + key + "']");
        Reply first = rotate(broker, key, olga);
        assertThat(first.status()).as("%s", first).isEqualTo(200);
        long until = Records.keyproof(event(first))
                .path("decision")
                .path("input")
                .path("elevations")
                .path(0)
                .path("until")
                .asLong();
        Reply last = await().atMost(Duration.ofSeconds(80))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> rotate(broker, key, olga), reply -> reply.status() != 200);

        refused(last, 403, "denied", "role-not-permitted");
        for (JsonNode event : Records.of(journal(1)).of("operation", "RotateKey")) {
            if (event.path("resources").path(0).path("uid").asText().equals(key)
                    && event.path("status_id").asInt() == 1) {
                assertThat(event.path("time").asLong()).isLessThan(until * 1000);
            }
        }
        assertThat(broker.get("/v1/elevations/" + elevation, auditor)
                        .body()
                        .path("elevation")
                        .path("state")
                        .asText())
                .isEqualTo("expired");
    }

    @Test
    void aHatIsLentOverTheOneThatIsOn() throws Exception {
        String key = key("");
        String asOperator = home.token("cora", "operator");
        String asCustodian = home.token("cora", "custodian");
        assertThat(broker.get("/v1/keys/" + key, asOperator).status()).isEqualTo(200);
        refused(rotate(broker, key, asCustodian), 403, "denied", "hat-worn");

        elevated(asCustodian, "'hat':'security','minutes':10,'keys':['" + key + "']");

        assertThat(rotate(broker, key, asCustodian).status()).isEqualTo(200);
        assertThat(home.select("SELECT hat FROM key_hat WHERE key_id = '" + key + "' AND actor = 'cora'"))
                .isEqualTo("operations");
    }

    @Test
    void whatSomebodyWritesIntoTheDatabaseLendsNothing() throws Exception {
        String key = key("");
        String mallory = home.token("mallory", "operator");
        Reply unsigned = ask(mallory, CUSTODIAN + ",'keys':['" + key + "']");
        String approval = unsigned.body().path("elevation").path("approval").asText();

        // His own request, as if it had been signed; and another, on its approval.
        home.execute(
                "UPDATE approval SET used_by = 'x' WHERE id = '" + approval + "'; UPDATE elevation SET began = now(),"
                        + " until = date_trunc('second', now() + interval '29 minutes'), intent = 'x' WHERE id = '"
                        + id(unsigned)
                        + "'; INSERT INTO elevation (id, holder, terms, change, approval, requested, began, until, intent)"
                        + " SELECT 'MADE', holder, jsonb_set(terms, '{elevation}', '\"MADE\"'), change, approval, requested,"
                        + " began, until, intent FROM elevation WHERE id = '" + id(unsigned) + "'");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Records.of(journal(1))
                                        .of("service", "ElevationUnfounded")
                                        .size()
                                >= 2
                        && Records.of(journal(2))
                                        .of("service", "ElevationUnfounded")
                                        .size()
                                >= 2);
        refused(rotate(broker, key, mallory), 403, "denied", "role-not-permitted");
        refused(rotate(other, key, mallory), 403, "denied", "role-not-permitted");

        // One that was signed, for longer, for more keys, and for somebody else.
        String olga = home.token("olga", "operator");
        String elevation = elevated(olga, CUSTODIAN + ",'keys':['" + key + "']");
        for (String change : List.of(
                "until = until + interval '1 minute'",
                "terms = jsonb_set(terms, '{minutes}', '60')",
                "holder = 'mallory'",
                "terms = jsonb_set(terms, '{role}', '\"administrator\"')")) {
            home.execute("CREATE TABLE before AS SELECT * FROM elevation WHERE id = '" + elevation + "'");
            home.execute("UPDATE elevation SET " + change + " WHERE id = '" + elevation + "'");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> rotate(other, key, olga).status() == 403);
            refused(rotate(broker, key, mallory), 403, "denied", "role-not-permitted");
            home.execute(
                    "UPDATE elevation e SET until = b.until, terms = b.terms, holder = b.holder FROM before b WHERE"
                            + " e.id = b.id; DROP TABLE before");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> rotate(other, key, olga).status() == 200);
        }
    }

    @Test
    void whatIsCalledUnderAnElevationIsASessionThatOthersRead() throws Exception {
        String key = key("");
        String olga = home.token("olga", "operator");
        String elevation = elevated(olga, CUSTODIAN + ",'keys':['" + key + "']");
        List<String> records = new ArrayList<>();
        records.add(rotate(broker, key, olga).record().orElseThrow());
        // The other broker may refuse what it learnt a moment too late; what it did not deny was called under the
        // elevation.
        AtomicInteger late = new AtomicInteger();
        await().until(() -> {
            int status = rotate(other, key, olga).status();
            if (status != 200 && status != 403) {
                late.incrementAndGet();
            }
            return status == 200;
        });
        records.add(
                broker.post("/v1/keys/" + key + ":enable", olga, "{}").record().orElseThrow());

        await().atMost(Duration.ofSeconds(30)).until(() -> calls(elevation, "").size() == 3 + late.get());
        List<JsonNode> calls = calls(elevation, "");
        Reply page = broker.get("/v1/elevations/" + elevation + "/calls?limit=2", auditor);
        Reply rest = broker.get(
                "/v1/elevations/" + elevation + "/calls?limit=200&after="
                        + page.body().path("next").asText(),
                auditor);

        assertThat(calls).allMatch(call -> call.path("key").asText().equals(key));
        assertThat(calls.stream().map(call -> call.path("record").asText())).containsAll(records);
        assertThat(calls.stream().filter(call -> call.path("operation").asText().equals("EnableKey")))
                .hasSize(1)
                .allMatch(call -> call.path("code").asInt() == 409
                        && call.path("problem").asText().equals("illegal-state"));
        assertThat(calls.stream().filter(call -> call.path("record").asText().startsWith("broker-2/")))
                .hasSize(1 + late.get());
        assertThat(page.body().path("calls")).hasSize(2);
        assertThat(rest.body().path("calls")).hasSize(calls.size() - 2);
        assertThat(rest.body().has("next")).isFalse();
        refused(
                broker.get("/v1/elevations/" + elevation + "/calls", home.token("olga", "auditor")),
                403,
                "denied",
                "elevation-not-permitted");
        refused(broker.get("/v1/elevations/" + elevation + "/calls", olga), 403, "denied", "role-not-permitted");

        HttpResponse<byte[]> export = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(broker.base() + "/v1/elevations/" + elevation + ":export"))
                                .header("Authorization", "Bearer " + auditor)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(export.statusCode()).isEqualTo(200);
        String digest = "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(export.body()));
        assertThat(export.headers().firstValue("Keyproof-Digest")).contains(digest);
        JsonNode sealed = Records.of(journal(1))
                .at(export.headers().firstValue("Keyproof-Record").orElseThrow());
        assertThat(sealed.path("api").path("operation").asText()).isEqualTo("ExportSession");
        assertThat(Records.keyproof(sealed).path("detail").path("digest").asText())
                .isEqualTo(digest);
        List<JsonNode> lines = new ArrayList<>();
        for (String line :
                new String(export.body(), StandardCharsets.UTF_8).lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        assertThat(lines).isEqualTo(calls);
    }

    private List<JsonNode> calls(String elevation, String more) throws Exception {
        List<JsonNode> calls = new ArrayList<>();
        broker.get("/v1/elevations/" + elevation + "/calls" + more, auditor)
                .body()
                .path("calls")
                .forEach(calls::add);
        return calls;
    }

    private Reply broken(Reply asked, String by, String token) throws Exception {
        return broker.post(
                "/v1/elevations/" + id(asked) + ":activate",
                token,
                "{'jws':'" + home.approve(by, asked.body().path("statement").asText()) + "'}");
    }

    @Test
    void theGlassIsBrokenByAHardTokenAndThatIsToldAndReviewed() throws Exception {
        String key = key("");
        String carol = home.token("carol", "operator");
        String terms = "'role':'custodian','minutes':20,'breakGlass':true,'keys':['" + key + "']";
        refused(ask(carol, terms.replace("20", "61")), 403, "denied", "elevation-not-permitted");
        refused(
                ask(carol, "'role':'custodian','minutes':20,'breakGlass':true,'tags':{'a':'b'}"),
                403,
                "denied",
                "elevation-not-permitted");
        Reply byAlice = ask(home.token("alice", "operator"), terms);
        Reply asked = ask(carol, terms);
        Reply second = ask(carol, terms);

        refused(broken(byAlice, "alice", home.token("alice", "operator")), 403, "denied", "elevation-not-permitted");
        refused(broken(asked, "alice", carol), 422, "approval-invalid", "another's");
        refused(activate(id(asked), carol), 422, "invalid-input", "jws");
        refused(
                broker.post(
                        "/v1/elevations/" + id(asked) + ":activate",
                        carol,
                        "{'jws':'"
                                + home.approve(
                                        "carol", second.body().path("statement").asText()) + "'}"),
                422,
                "approval-invalid",
                "not this statement");
        refused(rotate(broker, key, carol), 403, "denied", "role-not-permitted");
        Reply begun = broken(asked, "carol", carol);

        assertThat(begun.status()).as("%s", begun).isEqualTo(200);
        assertThat(event(begun).path("api").path("operation").asText()).isEqualTo("BreakGlass");
        assertThat(Records.keyproof(event(begun)).path("detail").path("jws")).hasSize(1);
        assertThat(rotate(broker, key, carol).status()).isEqualTo(200);
        await().until(() -> rotate(other, key, carol).status() == 200);
        await().atMost(Duration.ofSeconds(10)).until(() -> told("NoticeBreakGlass", id(asked)) == 1);
        refused(broken(asked, "carol", carol), 409, "approval-used", "used");

        String review = "/v1/elevations/" + id(asked) + "/review";
        String said = "{'verdict':'justified','text':'INC-7 needed it'}";
        refused(broker.post(review, home.token("carol", "custodian"), said), 403, "denied", "elevation-not-permitted");
        refused(broker.post(review, home.token("otto", "operator"), said), 403, "denied", "role-not-permitted");
        refused(broker.post(review, auditor, said), 403, "denied", "elevation-not-permitted");
        assertThat(broker.post("/v1/elevations/" + id(asked) + ":end", carol, "{}")
                        .status())
                .isEqualTo(200);
        refused(broker.post(review, auditor, "{'verdict':'fine','text':'x'}"), 422, "invalid-input", "verdict");
        Reply reviewed = broker.post(review, auditor, said);
        assertThat(reviewed.status()).as("%s", reviewed).isEqualTo(200);
        assertThat(reviewed.body()
                        .path("elevation")
                        .path("review")
                        .path("reviewer")
                        .asText())
                .isEqualTo("eve");
        refused(broker.post(review, auditor, said), 409, "conflict", "state");
    }

    private long told(String what, String elevation) throws Exception {
        long told = 0;
        for (int source = 1; source <= 2; source++) {
            told += Records.of(journal(source)).of("service", what).stream()
                    .filter(event ->
                            event.path("resources").path(0).path("uid").asText().equals(elevation))
                    .count();
        }
        return told;
    }

    @Test
    void aReviewThatIsOverdueIsToldOnceByWhicheverBroker() throws Exception {
        String key = key("");
        String carol = home.token("carol", "operator");
        Reply asked = ask(carol, "'role':'custodian','minutes':5,'breakGlass':true,'keys':['" + key + "']");
        assertThat(broken(asked, "carol", carol).status()).isEqualTo(200);
        assertThat(told("BreakGlassReviewOverdue", id(asked))).isZero();

        home.execute("UPDATE elevation SET review_due = now() - interval '1 second' WHERE id = '" + id(asked) + "'");
        await().atMost(Duration.ofSeconds(10)).until(() -> told("BreakGlassReviewOverdue", id(asked)) == 1);
        other.kill();
        other = home.set("keyproof.source", "broker-2").start();

        assertThat(told("BreakGlassReviewOverdue", id(asked))).isEqualTo(1);
        assertThat(told("NoticeBreakGlass", id(asked))).isEqualTo(1);
    }

    @Test
    void aBrokenGlassOpensNoKillSwitchAndDestroysNothing() throws Exception {
        String key = key("");
        String carol = home.token("carol", "operator");
        Reply asked = ask(carol, "'role':'administrator','minutes':5,'breakGlass':true,'keys':['" + key + "']");
        assertThat(broken(asked, "carol", carol).status()).isEqualTo(200);
        assertThat(rotate(broker, key, carol).status()).isEqualTo(200);

        String approval = home.approved(
                broker, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-8','parameters':{}}");
        refused(
                broker.post("/v1/keys/" + key + ":destroy", carol, "{'approval':'" + approval + "'}"),
                403,
                "denied",
                "role-not-permitted");
        assertThat(broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":true}").status())
                .isEqualTo(200);
        try {
            refused(rotate(broker, key, carol), 403, "denied", "kill-switch");
        } finally {
            String unlock =
                    home.approved(broker, "{'operation':'SetKillSwitch','change':'CHG-9','parameters':{'on':false}}");
            assertThat(broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":false,\"approval\":\"" + unlock + "\"}")
                            .status())
                    .isEqualTo(200);
        }
    }
}
