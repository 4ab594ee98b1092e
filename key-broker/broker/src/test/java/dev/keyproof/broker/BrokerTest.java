package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyproof.broker.BrokerProcess.Reply;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.log.journal.JournalReader;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One broker on a real token, database and policy, called as its callers do; at the end its journal is examined. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokerTest {
    private static final String HELLO = base64("hello");

    private TestHome home;
    private BrokerProcess broker;
    private String admin;
    private String app;
    private String auditor;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        broker = home.start();
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
        auditor = home.token("eve", "auditor");
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String key(String algorithm) throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'test','algorithm':'" + algorithm + "'}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private Reply use(String key, String operation, String body) throws Exception {
        return broker.post("/v1/keys/" + key + ":" + operation, app, body);
    }

    private Reply change(String key, String operation) throws Exception {
        return broker.post("/v1/keys/" + key + ":" + operation, admin, "{}");
    }

    private static void refused(Reply reply, int status, String problem) {
        assertThat(reply.problem()).as("%s", reply).isEqualTo(problem);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.type()).isEqualTo("application/problem+json");
    }

    @Test
    void whatNoEndpointTakesIsRefusedAndNoFailure() throws Exception {
        Reply form = broker.call("PUT", "/v1/aliases/a", admin, null, Map.of("Content-Type", "multipart/form-data"));
        Reply unnamed = broker.post("/v1/rotations", admin, "{'reason':'incident','keys':[null]}");

        assertThat(form.status()).as("%s", form).isBetween(400, 499);
        refused(unnamed, 422, "invalid-input");
        for (String operation : List.of("encrypt", "verify", "data-key")) {
            refused(use(key("AES_256_GCM"), operation, "{'items':[null]}"), 422, "invalid-input");
        }
    }

    @Test
    void aKeyIsBornWithTheAttributesThatTheDeviceShows() throws Exception {
        Reply made = broker.post(
                "/v1/keys",
                admin,
                "{'name':'orders','algorithm':'AES_256_GCM','rotationPeriodDays':90,'tags':{'team':'shop'}}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("state").asText()).isEqualTo("active");
        assertThat(made.body().path("tags").path("team").asText()).isEqualTo("shop");
        JsonNode attributes = made.body().path("attributes");
        assertThat(attributes.path("sensitive").asBoolean()).isTrue();
        assertThat(attributes.path("extractable").asBoolean()).isFalse();
        assertThat(made.body().path("residence").asText()).isEqualTo("replicated");
        assertThat(attributes.path("modifiable").asBoolean()).isFalse();
        assertThat(attributes.path("copyable").asBoolean()).isFalse();
        assertThat(attributes.path("wrap").asBoolean()).isFalse();
        String id = made.body().path("id").asText();
        assertThat(broker.get("/v1/keys/" + id, auditor).body().path("key")).isEqualTo(made.body());
    }

    @Test
    void aResidentKeyNeverWasAnywhereElse() throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'root','algorithm':'EC_P256','residence':'resident'}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("residence").asText()).isEqualTo("resident");
        JsonNode attributes = made.body().path("attributes");
        assertThat(attributes.path("neverExtractable").asBoolean()).isTrue();
        assertThat(attributes.path("alwaysSensitive").asBoolean()).isTrue();
        assertThat(attributes.path("local").asBoolean()).isTrue();
        String key = made.body().path("id").asText();
        String signature = use(key, "sign", "{'message':'" + HELLO + "'}")
                .body()
                .path("signature")
                .asText();
        assertThat(use(key, "verify", "{'message':'" + HELLO + "','signature':'" + signature + "'}")
                        .body()
                        .path("valid")
                        .asBoolean())
                .isTrue();
        refused(
                broker.post("/v1/keys", admin, "{'name':'x','algorithm':'EC_P256','residence':'nowhere'}"),
                422,
                "invalid-input");
    }

    @Test
    void whatIsEncryptedIsDecryptedUnderItsContextOnly() throws Exception {
        String key = key("AES_256_GCM");
        String ciphertext = use(key, "encrypt", "{'plaintext':'" + HELLO + "','context':{'tenant':'7'}}")
                .body()
                .path("ciphertext")
                .asText();

        assertThat(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "','context':{'tenant':'7'}}")
                        .body()
                        .path("plaintext")
                        .asText())
                .isEqualTo(HELLO);
        refused(
                use(key, "decrypt", "{'ciphertext':'" + ciphertext + "','context':{'tenant':'8'}}"),
                422,
                "not-decryptable");
        refused(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "'}"), 422, "not-decryptable");
        refused(
                use(key("AES_256_GCM"), "decrypt", "{'ciphertext':'" + ciphertext + "','context':{'tenant':'7'}}"),
                422,
                "not-decryptable");
    }

    @Test
    void rotationKeepsOldVersionsForDecryptionAndReWrapMovesOn() throws Exception {
        String key = key("AES_256_GCM");
        String old = use(key, "encrypt", "{'plaintext':'" + HELLO + "'}")
                .body()
                .path("ciphertext")
                .asText();

        Reply rotated = change(key, "rotate");
        assertThat(rotated.body().path("version").asInt()).isEqualTo(2);
        Reply moved = use(key, "re-wrap", "{'ciphertext':'" + old + "','newContext':{'a':'b'}}");
        assertThat(moved.body().path("keyVersion").asInt()).isEqualTo(2);
        assertThat(use(key, "decrypt", "{'ciphertext':'" + old + "'}")
                        .body()
                        .path("keyVersion")
                        .asInt())
                .isEqualTo(1);
        String fresh = moved.body().path("ciphertext").asText();
        assertThat(use(key, "decrypt", "{'ciphertext':'" + fresh + "','context':{'a':'b'}}")
                        .body()
                        .path("plaintext")
                        .asText())
                .isEqualTo(HELLO);
    }

    @Test
    void aDataKeyComesInClearAndWrapped() throws Exception {
        String key = key("AES_256_GCM");
        JsonNode made = use(key, "data-key", "{'context':{'file':'1'}}").body();

        assertThat(Base64.getDecoder().decode(made.path("plaintext").asText())).hasSize(32);
        assertThat(use(
                                key,
                                "decrypt",
                                "{'ciphertext':'" + made.path("ciphertext").asText() + "','context':{'file':'1'}}")
                        .body()
                        .path("plaintext")
                        .asText())
                .isEqualTo(made.path("plaintext").asText());
        refused(use(key, "data-key", "{'bytes':31}"), 422, "invalid-input");
        refused(use(key, "data-key", "{'items':[{'bytes':31},{'bytes':30}]}"), 422, "invalid-input");
    }

    @Test
    void signaturesVerifyAcrossVersions() throws Exception {
        for (String algorithm : List.of("EC_P256", "EC_P384", "EC_P521", "RSA_2048")) {
            String key = key(algorithm);
            JsonNode signed = use(key, "sign", "{'message':'" + HELLO + "'}").body();
            String signature = signed.path("signature").asText();
            assertThat(change(key, "rotate").status()).isEqualTo(200);

            String verify = "{'message':'" + HELLO + "','signature':'" + signature + "'";
            assertThat(use(key, "verify", verify + ",'version':1}")
                            .body()
                            .path("valid")
                            .asBoolean())
                    .as(algorithm)
                    .isTrue();
            assertThat(use(key, "verify", verify + "}").body().path("valid").asBoolean())
                    .isFalse();
            assertThat(use(key, "verify", verify.replace(HELLO, base64("hullo")) + ",'version':1}")
                            .body()
                            .path("valid")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void aDigestIsSignedAsItsMessageWouldBe() throws Exception {
        String key = key("RSA_2048");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest("hello".getBytes(StandardCharsets.UTF_8));
        String scheme = "'scheme':'RSA_PKCS1_SHA256'";

        String byDigest = use(
                        key, "sign", "{'digest':'" + Base64.getEncoder().encodeToString(digest) + "'," + scheme + "}")
                .body()
                .path("signature")
                .asText();
        String byMessage = use(key, "sign", "{'message':'" + HELLO + "'," + scheme + "}")
                .body()
                .path("signature")
                .asText();

        assertThat(byDigest).isEqualTo(byMessage).isNotEmpty();
        refused(use(key, "sign", "{'message':'" + HELLO + "','scheme':'ECDSA_SHA256'}"), 422, "invalid-input");
        refused(use(key, "sign", "{}"), 422, "invalid-input");
    }

    @Test
    void aMacVerifies() throws Exception {
        String key = key("HMAC_SHA256");
        String mac = use(key, "mac", "{'message':'" + HELLO + "'}")
                .body()
                .path("mac")
                .asText();

        assertThat(use(key, "verify", "{'message':'" + HELLO + "','mac':'" + mac + "'}")
                        .body()
                        .path("valid")
                        .asBoolean())
                .isTrue();
        assertThat(use(key, "verify", "{'message':'" + base64("other") + "','mac':'" + mac + "'}")
                        .body()
                        .path("valid")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aBatchIsOneRecordAndOneResultOrProblemEach() throws Exception {
        String key = key("AES_256_GCM");
        Reply reply = use(
                key,
                "encrypt",
                "{'items':[{'plaintext':'" + HELLO + "'},{'plaintext':'?'},{'plaintext':'" + HELLO + "'}]}");

        JsonNode items = reply.body().path("items");
        assertThat(items).hasSize(3);
        assertThat(items.get(0).path("result").path("ciphertext").asText()).isNotEmpty();
        assertThat(items.get(1).path("problem").path("type").asText()).isEqualTo("urn:keyproof:problem:invalid-input");
        JsonNode event = Records.of(home.journal()).at(reply.record().orElseThrow());
        assertThat(event.path("count").asInt()).isEqualTo(3);
        assertThat(Records.keyproof(event).path("detail").path("failed").asInt())
                .isEqualTo(1);

        String many = "{'items':[" + "{'plaintext':'aa=='},".repeat(256) + "{'plaintext':'aa=='}]}";
        refused(use(key, "encrypt", many), 422, "invalid-input");
        refused(use(key, "encrypt", "{'items':[]}"), 422, "invalid-input");
    }

    @Test
    void aSuspendedKeyDoesNothingAndOnlyLegalTransitionsPass() throws Exception {
        String key = key("AES_256_GCM");

        refused(change(key, "enable"), 409, "illegal-state");
        assertThat(change(key, "disable").body().path("state").asText()).isEqualTo("suspended");
        refused(change(key, "disable"), 409, "illegal-state");
        refused(change(key, "rotate"), 409, "illegal-state");
        Reply encrypt = use(key, "encrypt", "{'plaintext':'" + HELLO + "'}");
        refused(encrypt, 403, "denied");
        assertThat(encrypt.body().path("reasons").get(0).asText()).isEqualTo("key-state");
        assertThat(change(key, "enable").body().path("state").asText()).isEqualTo("active");
        assertThat(use(key, "encrypt", "{'plaintext':'" + HELLO + "'}").status())
                .isEqualTo(200);
    }

    @Test
    void strangersLearnNothing() throws Exception {
        String path = "/v1/keys";
        JWTClaimsSet.Builder expired = home.claims("payments", "application")
                .expirationTime(Date.from(Instant.now().minusSeconds(60)));
        JWTClaimsSet.Builder elsewhere = home.claims("payments", "application").audience("other");
        JWTClaimsSet.Builder issuer = home.claims("payments", "application").issuer("https://other");
        String[] parts = app.split("\\.", -1);
        String unsigned = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
                + "." + parts[1] + ".";

        refused(broker.call("GET", path, null, null), 401, "unauthenticated");
        refused(broker.get(path, home.token(expired.build())), 401, "unauthenticated");
        refused(broker.get(path, home.token(elsewhere.build())), 401, "unauthenticated");
        refused(broker.get(path, home.token(issuer.build())), 401, "unauthenticated");
        refused(broker.get(path, unsigned), 401, "unauthenticated");
        refused(broker.get("/v1/no-such-thing", "x"), 401, "unauthenticated");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Records.of(home.journal()).events().stream()
                                .filter(event -> Records.kind(event).equals("refusals"))
                                .mapToInt(event -> event.path("count").asInt())
                                .sum()
                        >= 6);
    }

    @Test
    void theWrongRoleIsDeniedAndOnTheRecord() throws Exception {
        String key = key("AES_256_GCM");
        Reply denied = broker.post("/v1/keys/" + key + ":encrypt", auditor, "{'plaintext':'" + HELLO + "'}");

        refused(denied, 403, "denied");
        assertThat(denied.body().path("reasons").toString()).contains("role-not-permitted");
        JsonNode event = Records.of(home.journal()).at(denied.record().orElseThrow());
        assertThat(event.path("status_id").asInt()).isEqualTo(2);
        assertThat(event.path("actor").path("user").path("uid").asText()).isEqualTo("eve");
        assertThat(Records.keyproof(event).path("decision").path("allow").asBoolean())
                .isFalse();
        refused(broker.get("/v1/keys/" + key, home.token("nobody")), 403, "denied");
    }

    @Test
    void whatCannotBeReadIsAProblemOnTheRecord() throws Exception {
        String key = key("AES_256_GCM");
        Reply garbled = use(key, "encrypt", "{'plaintext':");
        Reply unknown = use(key, "encrypt", "{'plaintext':'" + HELLO + "','colour':'red'}");
        Reply missing = use("01ARZ3NDEKTSV4RRFFQ69G5FAV", "encrypt", "{'plaintext':'" + HELLO + "'}");

        refused(garbled, 422, "invalid-input");
        refused(unknown, 422, "invalid-input");
        refused(missing, 404, "key-not-found");
        assertThat(garbled.record()).isPresent();
        assertThat(missing.record()).isPresent();
        for (Reply refused : List.of(
                broker.call("PUT", "/v1/kill-switch", admin, "{"),
                broker.post("/v1/approvals", admin, "{'operation':"),
                use(key.substring(0, 4) + "%3A" + key.substring(4), "encrypt", "{'plaintext':"),
                use(key, "encrypt", manyNames()))) {
            refused(refused, 422, "invalid-input");
            assertThat(refused.record()).as("%s", refused).isPresent();
        }
        refused(broker.post("/v1/keys", admin, "{'name':'x','algorithm':'DES'}"), 422, "invalid-input");
        refused(broker.get("/v1/nothing", app), 404, "not-found");
        refused(broker.call("DELETE", "/v1/keys", admin, null), 405, "method-not-allowed");
        String large = "{'plaintext':'" + "A".repeat(5 * 1024 * 1024) + "'}";
        refused(use(key, "encrypt", large), 413, "too-large");
    }

    private static String manyNames() {
        return IntStream.range(0, 256)
                .mapToObj(i -> "{'plaintext':'" + HELLO + "','context':{'" + "n".repeat(100) + i + "':'x'}}")
                .collect(Collectors.joining(",", "{'items':[", "]}"));
    }

    @Test
    void healthAndTheDescriptionNeedNoToken() throws Exception {
        Reply openapi = broker.call("GET", "/openapi.json", null, null);

        assertThat(openapi.status()).isEqualTo(200);
        assertThat(openapi.body().path("openapi").asText()).startsWith("3.1");
        assertThat(openapi.body().path("paths").has("/v1/keys/{id}:encrypt")).isTrue();
        assertThat(openapi.body().toString()).doesNotContain("startedNanos");
        assertThat(broker.call("GET", "/healthz", null, null).status()).isEqualTo(200);
        assertThat(broker.call("GET", "/health", null, null)
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("UP");
    }

    @Test
    void twoOfThreeApproveADestructionOnce() throws Exception {
        String key = key("AES_256_GCM");
        String other = key("AES_256_GCM");
        refused(change(key, "destroy"), 403, "denied");
        JsonNode request = broker.post(
                        "/v1/approvals", admin, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-1'}")
                .body();
        String id = request.path("id").asText();
        String statement = request.path("statement").asText();
        String destroy = "{'approval':'" + id + "'}";
        assertThat(request.path("quorum").asInt()).isEqualTo(2);

        refused(
                signature("alice", id, home.approve("alice", statement.replace("CHG-1", "CHG-2"))),
                422,
                "approval-invalid");
        refused(
                signature("alice", id, home.sign("bob", "alice", "keyproof-approval+jws", statement)),
                422,
                "approval-invalid");
        refused(signature("alice", id, home.sign("alice", "alice", "JWT", statement)), 422, "approval-invalid");
        refused(
                broker.post(
                        "/v1/approvals/" + id + "/signatures",
                        app,
                        "{'jws':'" + home.approve("alice", statement) + "'}"),
                403,
                "denied");
        // A signature is brought by who made it, whose roles and hats are what policy judges.
        refused(signature("bob", id, home.approve("alice", statement)), 422, "approval-invalid");
        // What is not written in the one way there is could not be read again from the record.
        refused(signature("alice", id, home.approve("alice", statement) + "="), 422, "approval-invalid");
        refused(signature("alice", id, home.approve("alice", statement) + "!"), 422, "approval-invalid");
        assertThat(signature("alice", id, home.approve("alice", statement)).status())
                .isEqualTo(200);
        refused(signature("alice", id, home.approve("alice", statement)), 409, "conflict");
        refused(broker.post("/v1/keys/" + key + ":destroy", admin, destroy), 403, "denied");
        assertThat(signature("carol", id, home.approve("carol", statement)).status())
                .isEqualTo(200);
        refused(broker.post("/v1/keys/" + other + ":destroy", admin, destroy), 422, "approval-invalid");

        Reply destroyed = broker.post("/v1/keys/" + key + ":destroy", admin, destroy);
        assertThat(destroyed.status()).as("%s", destroyed).isEqualTo(200);
        assertThat(destroyed.body().path("state").asText()).isEqualTo("destroyed");
        refused(broker.post("/v1/keys/" + key + ":destroy", admin, destroy), 409, "approval-used");
        refused(broker.post("/v1/keys/" + other + ":destroy", admin, destroy), 409, "approval-used");
        refused(use(key, "encrypt", "{'plaintext':'" + HELLO + "'}"), 403, "denied");
        assertThat(broker.get("/v1/approvals/" + id, admin).body().path("used").asBoolean())
                .isTrue();
        JsonNode detail = Records.keyproof(
                        Records.of(home.journal()).at(destroyed.record().orElseThrow()))
                .path("detail");
        assertThat(detail.path("jws")).hasSize(2);
        assertThat(detail.path("statement").asText()).isEqualTo(statement);
    }

    @Test
    void theRequesterCannotApprove() throws Exception {
        String key = key("AES_256_GCM");
        String carol = home.token("carol", "administrator");
        JsonNode request = broker.post(
                        "/v1/approvals", carol, "{'operation':'DestroyKey','key':'" + key + "','change':'CHG-3'}")
                .body();

        refused(
                signature(
                        "carol",
                        request.path("id").asText(),
                        home.approve("carol", request.path("statement").asText())),
                403,
                "denied");
    }

    private Reply signature(String caller, String approval, String jws) throws Exception {
        return broker.post(
                "/v1/approvals/" + approval + "/signatures", home.token(caller, "custodian"), "{'jws':'" + jws + "'}");
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void theKillSwitchStopsWhatProtects() throws Exception {
        String key = key("AES_256_GCM");

        assertThat(broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":true}").status())
                .isEqualTo(200);
        Reply denied = use(key, "encrypt", "{'plaintext':'" + HELLO + "'}");
        refused(denied, 403, "denied");
        assertThat(denied.body().path("reasons").toString()).contains("kill-switch");
        assertThat(broker.get("/v1/kill-switch", auditor).body().path("on").asBoolean())
                .isTrue();
        refused(broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":false}"), 403, "denied");
        String unlock =
                home.approved(broker, "{'operation':'SetKillSwitch','change':'CHG-9','parameters':{'on':false}}");
        refused(
                broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":true,\"approval\":\"" + unlock + "\"}"),
                422,
                "approval-invalid");
        Reply unlocked = broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":false,\"approval\":\"" + unlock + "\"}");
        assertThat(unlocked.status()).as("%s", unlocked).isEqualTo(200);
        assertThat(Records.keyproof(
                                Records.of(home.journal()).at(unlocked.record().orElseThrow()))
                        .path("detail")
                        .path("jws"))
                .hasSize(2);
        refused(
                broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":false,\"approval\":\"" + unlock + "\"}"),
                409,
                "approval-used");
        assertThat(use(key, "encrypt", "{'plaintext':'" + HELLO + "'}").status())
                .isEqualTo(200);
        refused(broker.call("PUT", "/v1/kill-switch", app, "{\"on\":true}"), 403, "denied");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theJournalHoldsWhatHappened() throws Exception {
        assertThat(broker.get("/v1/inventory", auditor)
                        .body()
                        .path("states")
                        .path("active")
                        .asInt())
                .isPositive();
        Records records = Records.of(home.journal());
        String previous = "0".repeat(64);
        for (int i = 0; i < records.events().size(); i++) {
            JsonNode event = records.events().get(i);
            assertThat(OcsfSchema.violations(records.bytes().get(i)))
                    .as("%s", event)
                    .isEmpty();
            assertThat(event.path("metadata").path("sequence").asInt()).isEqualTo(i);
            assertThat(Records.keyproof(event).path("previous").asText()).isEqualTo(previous);
            assertThat(event.toString()).doesNotContain(HELLO, base64("other"));
            previous = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(records.bytes().get(i)));
        }
        assertThat(records.of("service", "EnrolApprover")).hasSize(3);
        everyDecisionIsMadeAgain(records);
        headsCover(records.events().size());
    }

    private static void everyDecisionIsMadeAgain(Records records) throws Exception {
        int decided = 0;
        PolicyEngine engine = PolicyEngine.load(PolicyBundle.builtIn());
        for (JsonNode event : records.events()) {
            JsonNode recorded = Records.keyproof(event).path("decision");
            if (recorded.isObject()) {
                Decision again = engine.authorise(recorded.path("input"));
                assertThat(again.result()).isEqualTo(recorded.path("result"));
                assertThat(again.policyDigest())
                        .isEqualTo(recorded.path("policy").asText());
                assertThat(again.dataDigest()).isEqualTo(recorded.path("data").asText());
                decided++;
            }
        }
        assertThat(decided).isGreaterThan(50);
    }

    private void headsCover(long size) throws Exception {
        NoteVerifier verifier = NoteVerifier.parse(
                Files.readString(home.journal().resolve("journal-key.vkey")).strip());
        try (JournalReader reader = JournalReader.open(home.journal())) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !reader.headsAfter(size - 1).isEmpty());
            for (SignedHead head : reader.headsAfter(0)) {
                assertThat(head.note().signatures()).hasSize(1);
                assertThat(verifier.verifies(
                                head.checkpoint().text().getBytes(StandardCharsets.UTF_8),
                                head.note().signatures().getFirst().signature()))
                        .isTrue();
            }
        }
    }
}
