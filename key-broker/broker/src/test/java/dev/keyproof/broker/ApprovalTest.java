package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Approvals as approvers give them: by passkey on the page, by JWS, and taken back. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApprovalTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int GOOD = SoftPasskey.PRESENT | SoftPasskey.VERIFIED;

    private TestHome home;
    private BrokerProcess broker;
    private String origin;
    private String admin;
    private SoftPasskey anna;
    private SoftPasskey dora;
    private SoftPasskey fay;
    private KeyPair erin;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        anna = new SoftPasskey("anna", "localhost");
        dora = new SoftPasskey("dora", "localhost");
        fay = new SoftPasskey("fay", "localhost");
        erin = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        home.addApprover(anna.jwk());
        home.addApprover(dora.jwk());
        home.addApprover(fay.jwk());
        byte[] spki = erin.getPublic().getEncoded();
        ObjectNode okp =
                JSON.createObjectNode().put("kty", "OKP").put("crv", "Ed25519").put("kid", "erin");
        home.addApprover(
                okp.put("x", BASE64URL.encodeToString(Arrays.copyOfRange(spki, spki.length - 32, spki.length))));
        int port = TestHome.freePort();
        origin = "http://localhost:" + port;
        home.set("keyproof.passkeys.rp-id", "localhost").set("keyproof.passkeys.origin", origin);
        broker = BrokerProcess.start(home, port).awaitReady();
        admin = home.token("root", "administrator");
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    @Test
    void anApproverSeesWhatSheSignsAndSignsItWithHerPasskey() throws Exception {
        String key = key();
        JsonNode asked = request(
                "{'operation':'ScheduleDestruction','key':'" + key + "','change':'CHG-7','parameters':{'days':9}}");
        String id = asked.path("id").asText();

        try (ApproverBrowser browser = new ApproverBrowser(anna)) {
            browser.open(origin, id, home.token("anna", "custodian"));

            assertThat(browser.statement()).isEqualTo(asked.path("statement").asText());
            assertThat(browser.fact("Operation")).isEqualTo("ScheduleDestruction");
            assertThat(browser.fact("Key")).isEqualTo(key);
            assertThat(browser.fact("Parameters")).isEqualTo("days = 9");
            assertThat(browser.fact("Change")).isEqualTo("CHG-7");
            assertThat(browser.fact("Asked for by")).isEqualTo("root");
            assertThat(browser.press("#approve")).isEqualTo("Approved; 1 of 2.");
            assertThat(browser.faults()).isEmpty();
        }
        assertThat(jws("bob", asked).status()).isEqualTo(200);
        Reply ordered =
                broker.post("/v1/keys/" + key + ":schedule-destruction", admin, "{'days':9,'approval':'" + id + "'}");

        assertThat(ordered.status()).as("%s", ordered).isEqualTo(200);
        JsonNode detail = detail(ordered);
        assertThat(detail.path("jws")).hasSize(1);
        JsonNode assertion = detail.path("webauthn").path(0);
        assertThat(assertion.path("approver").asText()).isEqualTo("anna");
        JsonNode client = JSON.readTree(
                Base64.getUrlDecoder().decode(assertion.path("clientDataJSON").asText()));
        assertThat(client.path("challenge").asText())
                .isEqualTo(BASE64URL.encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(asked.path("statement").asText().getBytes(StandardCharsets.UTF_8))));
        assertThat(detail.path("quorumClock").path("seconds").asLong(-1)).isBetween(0L, 600L);
        assertThat(detail.path("quorumClock").path("reached").asText()).isNotEmpty();
    }

    @Test
    void anApproverWithdrawsOnThePage() throws Exception {
        JsonNode asked = destruction(key());
        assertThat(passkey(dora, asked, GOOD, 1_000).status()).isEqualTo(200);

        try (ApproverBrowser browser = new ApproverBrowser(dora)) {
            browser.open(origin, asked.path("id").asText(), home.token("dora", "custodian"));
            assertThat(browser.fact("Approved by")).isEqualTo("dora");
            assertThat(browser.press("#withdraw")).isEqualTo("Withdrawn.");
            assertThat(browser.fact("Approved by")).isEqualTo("nobody yet");
        }
    }

    @Test
    void thePageIsNobodysBeforeSignInAndRunsNoOtherScript() throws Exception {
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(origin + "/approve")).build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("<script>", "onclick", "<style>");
        assertThat(broker.call("GET", "/v1/approvals", null, null).status()).isEqualTo(401);
    }

    @Test
    void anAssertionWithOneDefectIsRefused() throws Exception {
        JsonNode asked = destruction(key());
        String statement = asked.path("statement").asText();
        String id = asked.path("id").asText();

        List<String> defective = List.of(
                anna.assertion(statement.replace("CHG-1", "CHG-2"), origin, GOOD, 100),
                anna.assertion(statement, "http://localhost:1", GOOD, 100),
                anna.assertion(statement, origin, SoftPasskey.PRESENT, 100),
                anna.assertion(statement, origin, SoftPasskey.VERIFIED, 100),
                new SoftPasskey("anna", "localhost").assertion(statement, origin, GOOD, 100),
                new SoftPasskey("nobody", "localhost").assertion(statement, origin, GOOD, 100));

        for (String body : defective) {
            Reply refused =
                    broker.call("POST", "/v1/approvals/" + id + "/signatures", home.token("anna", "custodian"), body);
            assertThat(refused.problem()).as("%s", refused).isEqualTo("approval-invalid");
            assertThat(Records.of(home.journal())
                            .at(refused.record().orElseThrow())
                            .path("api")
                            .path("response")
                            .path("error")
                            .asText())
                    .isEqualTo("approval-invalid");
        }
        assertThat(broker.get("/v1/approvals/" + id, admin).body().path("approvers"))
                .isEmpty();
    }

    @Test
    void aCounterThatDoesNotGoOnIsRefusedAndOnTheRecord() throws Exception {
        assertThat(passkey(fay, destruction(key()), GOOD, 7).status()).isEqualTo(200);

        Reply same = passkey(fay, destruction(key()), GOOD, 7);
        Reply on = passkey(fay, destruction(key()), GOOD, 8);

        assertThat(same.problem()).isEqualTo("approval-invalid");
        JsonNode event = Records.of(home.journal()).at(same.record().orElseThrow());
        assertThat(event.path("status_detail").asText()).contains("counter");
        assertThat(on.status()).isEqualTo(200);
    }

    @Test
    void anEd25519KeySignsJws() throws Exception {
        JsonNode asked = destruction(key());
        String statement = asked.path("statement").asText();
        String path = "/v1/approvals/" + asked.path("id").asText() + "/signatures";
        String token = home.token("erin", "custodian");

        assertThat(broker.post(path, token, "{'jws':'" + erin("ES256", statement) + "'}")
                        .problem())
                .isEqualTo("approval-invalid");
        assertThat(broker.post(path, token, "{'jws':'" + erin("EdDSA", statement + " ") + "'}")
                        .problem())
                .isEqualTo("approval-invalid");
        assertThat(broker.post(path, token, "{'jws':'" + erin("EdDSA", statement) + "'}")
                        .body()
                        .path("approvers")
                        .path(0)
                        .asText())
                .isEqualTo("erin");
    }

    @Test
    void whatIsWithdrawnDoesNotCountAndCannotBeGivenAgain() throws Exception {
        String key = key();
        JsonNode asked = destruction(key);
        String path = "/v1/approvals/" + asked.path("id").asText();
        String destroy = "{'approval':'" + asked.path("id").asText() + "'}";
        assertThat(jws("alice", asked).status()).isEqualTo(200);
        assertThat(jws("bob", asked).status()).isEqualTo(200);

        assertThat(broker.post(path + ":withdraw", home.token("carol", "custodian"), "{}")
                        .problem())
                .isEqualTo("conflict");
        Reply withdrawn = broker.post(path + ":withdraw", home.token("alice", "custodian"), "{}");

        assertThat(withdrawn.status()).as("%s", withdrawn).isEqualTo(200);
        assertThat(withdrawn.body().path("approvers")).hasSize(1);
        assertThat(withdrawn.body().path("withdrawn").path(0).asText()).isEqualTo("alice");
        assertThat(detail(withdrawn).path("approver").asText()).isEqualTo("alice");
        assertThat(broker.post("/v1/keys/" + key + ":destroy", admin, destroy).problem())
                .isEqualTo("denied");
        // Who has seen the signature cannot put it back.
        assertThat(jws("alice", asked).problem()).isEqualTo("conflict");
        assertThat(jws("carol", asked).status()).isEqualTo(200);
        assertThat(broker.post("/v1/keys/" + key + ":destroy", admin, destroy).status())
                .isEqualTo(200);
        assertThat(broker.post(path + ":withdraw", home.token("bob", "custodian"), "{}")
                        .problem())
                .isEqualTo("approval-used");
    }

    @Test
    void whatHasExpiredIsNeitherSignedNorUsed() throws Exception {
        String key = key();
        JsonNode asked = destruction(key);
        String id = asked.path("id").asText();
        assertThat(jws("alice", asked).status()).isEqualTo(200);
        assertThat(jws("bob", asked).status()).isEqualTo(200);
        // The row says that there is time; the statement, which was signed, says otherwise.
        home.execute("UPDATE approval SET expires = expires + interval '1 day' WHERE id = '" + id + "'");
        assertThat(broker.post("/v1/keys/" + key + ":destroy", admin, "{'approval':'" + id + "'}")
                        .problem())
                .isEqualTo("approval-invalid");
        home.execute("UPDATE approval SET expires = now() - interval '1 hour' WHERE id = '" + id + "'");

        assertThat(jws("carol", asked).problem()).isEqualTo("denied");
        assertThat(broker.post("/v1/keys/" + key + ":destroy", admin, "{'approval':'" + id + "'}")
                        .problem())
                .isEqualTo("approval-invalid");
    }

    @Test
    void anEndWithoutUseIsOnTheRecordOnceWithTheQuorumsClock() throws Exception {
        JsonNode asked = destruction(key());
        String id = asked.path("id").asText();
        assertThat(jws("alice", asked).status()).isEqualTo(200);

        home.execute("UPDATE approval SET expires = now() WHERE id = '" + id + "'");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> home.select("SELECT ended FROM approval WHERE id = '" + id + "'")
                        .equals("t"));

        List<JsonNode> ends = Records.of(home.journal()).of("approval", "ExpireApproval").stream()
                .map(event -> Records.keyproof(event).path("detail"))
                .filter(detail -> detail.path("approval").asText().equals(id))
                .toList();
        assertThat(ends).hasSize(1);
        assertThat(ends.getFirst().path("approvers").asInt()).isEqualTo(1);
        assertThat(ends.getFirst().path("quorumClock").path("met").asBoolean(true))
                .isFalse();
        assertThat(ends.getFirst().path("quorumClock").has("reached")).isFalse();
        assertThat(ends.getFirst().path("quorumClock").path("seconds").isIntegralNumber())
                .isTrue();
    }

    @Test
    void aWithdrawalBetweenCheckAndEffectIsNotOverlooked() throws Exception {
        String key = key();
        JsonNode asked = destruction(key);
        String id = asked.path("id").asText();
        assertThat(jws("alice", asked).status()).isEqualTo(200);
        assertThat(jws("bob", asked).status()).isEqualTo(200);
        try (Connection other = home.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE approval SET withdrawals = withdrawals + 1 WHERE id = '" + id + "'");

            // When: the signatures are verified, and using the approval up waits for the withdrawal
            CompletableFuture<Reply> destroyed = CompletableFuture.supplyAsync(() -> destroy(key, id));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !home.select("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND query LIKE 'UPDATE approval SET used_by%'")
                            .equals("0"));
            other.commit();

            assertThat(destroyed.get(20, TimeUnit.SECONDS).problem()).isEqualTo("approval-used");
        }
        assertThat(home.select("SELECT used_by FROM approval WHERE id = '" + id + "'"))
                .isEqualTo("null");
        assertThat(home.select("SELECT state FROM key WHERE id = '" + key + "'"))
                .isEqualTo("ACTIVE");
    }

    @Test
    void aRowThatNamesAnotherRequesterApprovesNothing() throws Exception {
        String key = key();
        JsonNode asked = destruction(key);
        String id = asked.path("id").asText();
        assertThat(jws("alice", asked).status()).isEqualTo(200);
        assertThat(jws("bob", asked).status()).isEqualTo(200);

        home.execute("UPDATE approval SET requester = 'somebody' WHERE id = '" + id + "'");

        assertThat(broker.post("/v1/keys/" + key + ":destroy", admin, "{'approval':'" + id + "'}")
                        .problem())
                .isEqualTo("approval-invalid");
    }

    @Test
    void rotationTakesTwoWhereTheKeysTagSaysSo() throws Exception {
        Reply made = broker.post(
                "/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM','tags':{'dual-control':'required'}}");
        String key = made.body().path("id").asText();
        assertThat(broker.post("/v1/keys/" + key + ":rotate", admin, "{}").problem())
                .isEqualTo("denied");

        String approval = home.approved(broker, "{'operation':'RotateKey','key':'" + key + "','change':'CHG-2'}");
        Reply rotated = broker.post("/v1/keys/" + key + ":rotate", admin, "{'approval':'" + approval + "'}");

        assertThat(rotated.status()).as("%s", rotated).isEqualTo(200);
        assertThat(broker.post("/v1/keys/" + key + ":rotate", admin, "{'approval':'" + approval + "'}")
                        .problem())
                .isEqualTo("approval-used");
    }

    private Reply destroy(String key, String approval) {
        try {
            return broker.post("/v1/keys/" + key + ":destroy", admin, "{'approval':'" + approval + "'}");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String key() throws Exception {
        return broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM'}")
                .body()
                .path("id")
                .asText();
    }

    private JsonNode destruction(String key) throws Exception {
        return request("{'operation':'DestroyKey','key':'" + key + "','change':'CHG-1'}");
    }

    private JsonNode request(String body) throws Exception {
        Reply asked = broker.post("/v1/approvals", admin, body);
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        return asked.body();
    }

    private Reply jws(String approver, JsonNode asked) throws Exception {
        return broker.post(
                "/v1/approvals/" + asked.path("id").asText() + "/signatures",
                home.token(approver, "custodian"),
                "{'jws':'" + home.approve(approver, asked.path("statement").asText()) + "'}");
    }

    private Reply passkey(SoftPasskey passkey, JsonNode asked, int flags, int counter) throws Exception {
        return broker.call(
                "POST",
                "/v1/approvals/" + asked.path("id").asText() + "/signatures",
                home.token(passkey.key().getKeyID(), "custodian"),
                passkey.assertion(asked.path("statement").asText(), origin, flags, counter));
    }

    private String erin(String algorithm, String statement) throws Exception {
        String input = BASE64URL.encodeToString(
                        ("{\"alg\":\"" + algorithm + "\",\"typ\":\"keyproof-approval+jws\",\"kid\":\"erin\"}")
                                .getBytes(StandardCharsets.UTF_8))
                + "." + BASE64URL.encodeToString(statement.getBytes(StandardCharsets.UTF_8));
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(erin.getPrivate());
        ed25519.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + BASE64URL.encodeToString(ed25519.sign());
    }

    private JsonNode detail(Reply reply) throws Exception {
        return Records.keyproof(Records.of(home.journal()).at(reply.record().orElseThrow()))
                .path("detail");
    }
}
