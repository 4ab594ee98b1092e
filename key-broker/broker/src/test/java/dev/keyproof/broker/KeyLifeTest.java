package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Keys from before their birth to after their end, as a broker's callers see them. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyLifeTest {
    private static final String HELLO = Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8));

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

    private String key(String algorithm, String more) throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'test','algorithm':'" + algorithm + "'" + more + "}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private Reply use(String key, String operation, String body) throws Exception {
        return broker.post("/v1/keys/" + key + ":" + operation, app, body);
    }

    private Reply change(String key, String operation, String body) throws Exception {
        return broker.post("/v1/keys/" + key + ":" + operation, admin, body);
    }

    private JsonNode document(String key) throws Exception {
        return broker.get("/v1/keys/" + key, admin).body().path("key");
    }

    private static void refused(Reply reply, int status, String problem) {
        assertThat(reply.problem()).as("%s", reply).isEqualTo(problem);
        assertThat(reply.status()).isEqualTo(status);
    }

    private String approval(String operation, String key) throws Exception {
        JsonNode asked = broker.post(
                        "/v1/approvals",
                        admin,
                        "{'operation':'" + operation + "','key':'" + key + "','change':'CHG-7'"
                                + (operation.equals("ScheduleDestruction") ? ",'parameters':{'days':7}" : "") + "}")
                .body();
        String id = asked.path("id").asText();
        for (String approver : List.of("alice", "bob")) {
            Reply signed = broker.post(
                    "/v1/approvals/" + id + "/signatures",
                    home.token(approver, "custodian"),
                    "{'jws':'" + home.approve(approver, asked.path("statement").asText()) + "'}");
            assertThat(signed.status()).as("%s", signed).isEqualTo(200);
        }
        return id;
    }

    @Test
    void aKeyBeginsWhenItsTimeHasComeOrWhenItIsEnabled() throws Exception {
        String soon = key("AES_256_GCM", ",'activates':'" + Instant.now().plusSeconds(4) + "'");
        String later = key("AES_256_GCM", ",'activates':'" + Instant.now().plusSeconds(86_400) + "'");

        assertThat(document(soon).path("state").asText()).isEqualTo("pre-active");
        refused(use(soon, "encrypt", "{'plaintext':'" + HELLO + "'}"), 403, "denied");
        assertThat(change(later, "enable", "{}").body().path("state").asText()).isEqualTo("active");
        await().atMost(Duration.ofSeconds(15))
                .until(() -> document(soon).path("state").asText().equals("active"));
        JsonNode begun = Records.of(home.journal()).of("operation", "EnableKey").stream()
                .filter(event ->
                        event.path("resources").path(0).path("uid").asText().equals(soon))
                .findFirst()
                .orElseThrow();
        assertThat(begun.path("actor").path("user").path("uid").asText()).isEqualTo("keyproof-broker");
        assertThat(Records.keyproof(begun).path("decision").path("allow").asBoolean())
                .isTrue();
    }

    @Test
    void nobodyIsTheSchedulerByAToken() throws Exception {
        String key = key("EC_P256", "");

        refused(broker.post("/v1/keys/" + key + ":rotate", home.token("x", "scheduler"), "{}"), 403, "denied");
    }

    @Test
    void whatIsSaidOfAKeyChangesAndItsNamesMove() throws Exception {
        String first = key("AES_256_GCM", ",'sensitivity':'restricted','scope':{'tenant':'7'}");
        String second = key("AES_256_GCM", "");
        Reply updated = broker.call(
                "PATCH",
                "/v1/keys/" + first,
                admin,
                "{\"owner\":\"treasury\",\"residency\":\"eu\",\"rotationPeriodDays\":30}");

        assertThat(updated.status()).as("%s", updated).isEqualTo(200);
        assertThat(updated.body().path("owner").asText()).isEqualTo("treasury");
        assertThat(updated.body().path("sensitivity").asText()).isEqualTo("restricted");
        assertThat(updated.body().path("residency").asText()).isEqualTo("eu");
        assertThat(updated.body().path("scope").path("tenant").asText()).isEqualTo("7");
        assertThat(updated.body().path("rotationPeriodDays").asInt()).isEqualTo(30);
        refused(broker.call("PATCH", "/v1/keys/" + first, admin, "{\"rotationPeriodDays\":400}"), 403, "denied");
        refused(
                broker.call("PATCH", "/v1/keys/" + first, admin, "{\"sensitivity\":\"Not this\"}"),
                422,
                "invalid-input");

        assertThat(broker.call("PUT", "/v1/aliases/orders", admin, "{\"key\":\"" + first + "\"}")
                        .body()
                        .path("aliases")
                        .path(0)
                        .asText())
                .isEqualTo("orders");
        String ciphertext = use("orders", "encrypt", "{'plaintext':'" + HELLO + "'}")
                .body()
                .path("ciphertext")
                .asText();
        assertThat(use(first, "decrypt", "{'ciphertext':'" + ciphertext + "'}").status())
                .isEqualTo(200);
        broker.call("PUT", "/v1/aliases/orders", admin, "{\"key\":\"" + second + "\"}");
        assertThat(document("orders").path("id").asText()).isEqualTo(second);
        assertThat(document(first).has("aliases")).isFalse();
        assertThat(broker.call("DELETE", "/v1/aliases/orders", admin, null).status())
                .isEqualTo(200);
        refused(broker.get("/v1/keys/orders", admin), 404, "key-not-found");
        refused(broker.call("PUT", "/v1/aliases/NOT-ONE", admin, "{\"key\":\"" + first + "\"}"), 422, "invalid-input");
    }

    @Test
    void whatIsTooLongOrTooMuchIsRefusedOnTheRecord() throws Exception {
        String key = key("AES_256_GCM", "");
        Reply endless = broker.call("PUT", "/v1/aliases/endless", admin, "{\"key\":\"" + "A".repeat(70_000) + "\"}");
        refused(endless, 404, "key-not-found");
        assertThat(Records.of(home.journal())
                        .at(endless.record().orElseThrow())
                        .path("status_id")
                        .asInt())
                .isEqualTo(2);

        for (int i = 0; i < 16; i++) {
            assertThat(broker.call("PUT", "/v1/aliases/name-" + i, admin, "{\"key\":\"" + key + "\"}")
                            .status())
                    .isEqualTo(200);
        }
        refused(broker.call("PUT", "/v1/aliases/name-16", admin, "{\"key\":\"" + key + "\"}"), 422, "invalid-input");
        assertThat(document(key).path("aliases")).hasSize(16);
        refused(broker.post("/v1/keys", admin, "{'name':'a\\u0001b','algorithm':'EC_P256'}"), 422, "invalid-input");
    }

    @Test
    void aRotationThatWasBackedOutIsNotDoneAgain() throws Exception {
        String key = key("AES_256_GCM", ",'rotationPeriodDays':1");
        age(key);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> document(key).path("version").asInt() == 2);

        change(key, "back-out", "{}");

        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(12))
                .until(() -> document(key).path("version").asInt() == 1);
    }

    @Test
    void aKeyThatIsDeactivatedOrCompromisedProcessesOnly() throws Exception {
        String key = key("AES_256_GCM", "");
        String ciphertext = use(key, "encrypt", "{'plaintext':'" + HELLO + "'}")
                .body()
                .path("ciphertext")
                .asText();

        assertThat(change(key, "deactivate", "{'reason':'replaced'}")
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("deactivated");
        refused(use(key, "encrypt", "{'plaintext':'" + HELLO + "'}"), 403, "denied");
        assertThat(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "'}").status())
                .isEqualTo(200);
        refused(change(key, "enable", "{}"), 409, "illegal-state");
        assertThat(change(key, "mark-compromised", "{}").body().path("state").asText())
                .isEqualTo("compromised");
        assertThat(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "'}").status())
                .isEqualTo(200);
        refused(change(key, "deactivate", "{}"), 409, "illegal-state");
    }

    @Test
    void aVersionProtectsAsOftenAsItMay() throws Exception {
        String key = key("AES_256_GCM", ",'usageLimit':5");
        String encrypt = "{'plaintext':'" + HELLO + "'}";

        for (int i = 0; i < 4; i++) {
            assertThat(use(key, "encrypt", encrypt).status()).isEqualTo(200);
        }
        JsonNode items = use(key, "encrypt", "{'items':[" + encrypt + "," + encrypt + "]}")
                .body()
                .path("items");
        // The broker may rotate it by itself in between, since its uses are nearly taken.
        if (document(key).path("version").asInt() == 1) {
            assertThat(items.path(0).has("result")).isTrue();
            assertThat(items.path(1).path("problem").path("type").asText()).endsWith("usage-limit");
        }
        await().atMost(Duration.ofSeconds(15))
                .until(() -> document(key).path("version").asInt() == 2);
        assertThat(use(key, "encrypt", encrypt).body().path("keyVersion").asInt())
                .isEqualTo(2);
    }

    @Test
    void aKeyIsDerivedForItsLabelAndContext() throws Exception {
        String key = key("HMAC_SHA256", ",'purpose':'derive'");
        JsonNode derived = use(key, "derive", "{'label':'card','bytes':48,'context':{'tenant':'7'}}")
                .body();

        byte[] bytes = Base64.getDecoder().decode(derived.path("key").asText());
        assertThat(bytes).hasSize(48);
        assertThat(use(key, "derive", "{'label':'card','bytes':48,'context':{'tenant':'7'}}")
                        .body())
                .isEqualTo(derived);
        Set<ByteBuffer> others = new HashSet<>();
        others.add(ByteBuffer.wrap(bytes));
        for (String other : List.of(
                "{'label':'card','bytes':48,'context':{'tenant':'8'}}",
                "{'label':'pin','bytes':48,'context':{'tenant':'7'}}",
                "{'label':'card','bytes':48}")) {
            byte[] key2 = Base64.getDecoder()
                    .decode(use(key, "derive", other).body().path("key").asText());
            assertThat(others.add(ByteBuffer.wrap(key2))).isTrue();
        }
        // A length is part of what is derived, so that a shorter key is no prefix of a longer one.
        byte[] shorter = Base64.getDecoder()
                .decode(use(key, "derive", "{'label':'card','bytes':32,'context':{'tenant':'7'}}")
                        .body()
                        .path("key")
                        .asText());
        assertThat(Arrays.copyOf(bytes, 32)).isNotEqualTo(shorter);
        refused(use(key, "mac", "{'message':'" + HELLO + "'}"), 403, "denied");
        refused(use(key, "derive", "{'label':'card','bytes':8}"), 422, "invalid-input");
    }

    @Test
    void dataKeysFollowTheirKekAndOldVersionsEndWhenNoneIsLeft() throws Exception {
        String kek = key("AES_256_GCM", ",'purpose':'wrap'");
        List<JsonNode> made = new ArrayList<>();
        for (int batch = 0; batch < 3; batch++) {
            StringBuilder items = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                items.append(i == 0 ? "" : ",")
                        .append("{'context':{'file':'")
                        .append(batch * 50 + i)
                        .append("'}}");
            }
            use(kek, "data-key", "{'items':[" + items + "]}")
                    .body()
                    .path("items")
                    .forEach(item -> made.add(item.path("result")));
        }
        assertThat(made).hasSize(150).allMatch(one -> one.has("dataKey"));
        refused(use(kek, "encrypt", "{'plaintext':'" + HELLO + "'}"), 403, "denied");

        assertThat(change(kek, "rotate", "{}").body().path("version").asInt()).isEqualTo(2);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> move(kek).path("ended").isTextual());

        assertThat(move(kek).path("total").asInt()).isEqualTo(150);
        assertThat(move(kek).path("moved").asInt()).isEqualTo(150);
        assertThat(move(kek).path("late").asBoolean()).isFalse();
        JsonNode first = made.getFirst();
        JsonNode now = broker.get("/v1/data-keys/" + first.path("dataKey").asText(), app)
                .body();
        assertThat(now.path("keyVersion").asInt()).isEqualTo(2);
        for (int i = 0; i < made.size(); i += 37) {
            JsonNode one = made.get(i);
            Reply opened = use(
                    kek,
                    "decrypt",
                    "{'dataKey':'" + one.path("dataKey").asText() + "','context':{'file':'" + i + "'}}");
            assertThat(opened.body().path("plaintext").asText())
                    .isEqualTo(one.path("plaintext").asText());
        }
        refused(
                use(
                        kek,
                        "decrypt",
                        "{'ciphertext':'" + first.path("ciphertext").asText() + "','context':{'file':'0'}}"),
                409,
                "illegal-state");
        refused(use(kek, "decrypt", "{'dataKey':'" + first.path("dataKey").asText() + "'}"), 422, "not-decryptable");

        assertThat(change(kek, "back-out", "{'reason':'an old client'}")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> move(kek).path("ended").isTextual());
        assertThat(broker.get("/v1/data-keys/" + first.path("dataKey").asText(), app)
                        .body()
                        .path("keyVersion")
                        .asInt())
                .isEqualTo(1);
        assertThat(use(
                                kek,
                                "decrypt",
                                "{'ciphertext':'" + first.path("ciphertext").asText() + "','context':{'file':'0'}}")
                        .status())
                .isEqualTo(200);
        assertThat(change(kek, "rotate", "{}").body().path("version").asInt()).isEqualTo(3);
        Records records = Records.of(home.journal());
        assertThat(records.of("operation", "ReEncrypt"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(
                                Records.keyproof(event).path("intent").asText())
                        .isNotEmpty());
        assertThat(records.of("operation", "RetireVersion")).isNotEmpty();
    }

    private JsonNode move(String kek) throws Exception {
        return broker.get("/v1/keys/" + kek + "/re-wrap", admin).body();
    }

    @Test
    void aDataKeyWithoutItsPlaintext() throws Exception {
        String kek = key("AES_256_GCM", ",'purpose':'wrap'");
        JsonNode made =
                use(kek, "data-key", "{'withoutPlaintext':true,'bytes':64}").body();

        assertThat(made.has("plaintext")).isFalse();
        String opened = use(
                        kek,
                        "decrypt",
                        "{'ciphertext':'" + made.path("ciphertext").asText() + "'}")
                .body()
                .path("plaintext")
                .asText();
        assertThat(Base64.getDecoder().decode(opened)).hasSize(64);
    }

    @Test
    void aDataKeyIsForWhatItsCallerSays() throws Exception {
        for (String purpose : List.of("wrap", "encrypt")) {
            String kek = key("AES_256_GCM", ",'purpose':'" + purpose + "'");
            JsonNode items = use(
                            kek,
                            "data-key",
                            "{'items':[{},{'algorithm':'AES_128_XTS'},{'algorithm':'AES_192_CTR'},{'bytes':64},"
                                    + "{'algorithm':'DES3'},{'algorithm':'AES_256_CTR','bytes':16}]}")
                    .body()
                    .path("items");

            List<String> algorithms = List.of("AES_256_GCM", "AES_128_XTS", "AES_192_CTR", "AES_256_XTS");
            List<Integer> lengths = List.of(32, 32, 24, 64);
            for (int i = 0; i < algorithms.size(); i++) {
                JsonNode made = items.path(i).path("result");
                assertThat(made.path("algorithm").asText()).isEqualTo(algorithms.get(i));
                assertThat(Base64.getDecoder().decode(made.path("plaintext").asText()))
                        .hasSize(lengths.get(i));
                if (purpose.equals("wrap")) {
                    assertThat(broker.get(
                                            "/v1/data-keys/"
                                                    + made.path("dataKey").asText(),
                                            app)
                                    .body()
                                    .path("algorithm")
                                    .asText())
                            .isEqualTo(algorithms.get(i));
                }
            }
            assertThat(items.path(4).path("problem").path("type").asText()).endsWith("invalid-input");
            assertThat(items.path(5).path("problem").path("type").asText()).endsWith("invalid-input");

            // What it is for is what policy read, and stands on the record.
            JsonNode record = Records.of(home.journal()).of("operation", "GenerateDataKey").stream()
                    .filter(event ->
                            event.path("resources").path(0).path("uid").asText().equals(kek))
                    .findFirst()
                    .orElseThrow();
            assertThat(Records.keyproof(record)
                            .path("decision")
                            .path("input")
                            .path("request")
                            .path("parameters")
                            .path("dataKeys"))
                    .extracting(JsonNode::asText)
                    .containsExactly("AES_128_XTS", "AES_192_CTR", "AES_256_GCM", "AES_256_XTS");
            refused(use(kek, "data-key", "{'algorithm':'AES_512_GCM'}"), 422, "invalid-input");
        }
    }

    @Test
    void aDeviceThatCannotDecryptBySha256HasNoKeyPairsForIt() throws Exception {
        for (String residence : List.of("resident", "replicated")) {
            Reply made = broker.post(
                    "/v1/keys", admin, "{'name':'pair','algorithm':'RSA_OAEP_3072','residence':'" + residence + "'}");
            refused(made, 422, "invalid-input");
            assertThat(made.body().path("detail").asText()).contains("no " + residence + " keys of RSA_OAEP_3072");
        }
    }

    @Test
    void aRotationThatFailsAfterABackOutTakesBackItsOwnVersionAlone() throws Exception {
        // Given: a key in the device alone, whose second version was backed out
        String key = key("AES_256_GCM", ",'residence':'resident'");
        List<String> sealed = new ArrayList<>();
        for (int version = 1; version <= 2; version++) {
            sealed.add(use(key, "encrypt", "{'plaintext':'" + HELLO + "'}")
                    .body()
                    .path("ciphertext")
                    .asText());
            if (version == 1) {
                change(key, "rotate", "{}");
            }
        }
        assertThat(change(key, "back-out", "{}").body().path("version").asInt()).isEqualTo(1);

        // When: the third is born in the device, and the database does not take it
        home.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;"
                + " CREATE TRIGGER refuse BEFORE INSERT ON key_version FOR EACH ROW WHEN (NEW.key_id = '" + key
                + "') EXECUTE FUNCTION refuse()");
        refused(change(key, "rotate", "{}"), 503, "state-unavailable");
        home.execute("DROP TRIGGER refuse ON key_version; DROP FUNCTION refuse");

        // Then
        assertThat(home.select("SELECT string_agg(label, ' ' ORDER BY label) FROM device_object WHERE label LIKE '"
                        + key + "/%'"))
                .isEqualTo(key + "/1 " + key + "/2");
        for (String ciphertext : sealed) {
            assertThat(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "'}")
                            .body()
                            .path("plaintext")
                            .asText())
                    .isEqualTo(HELLO);
        }
        assertThat(change(key, "rotate", "{}").body().path("version").asInt()).isEqualTo(3);
    }

    @Test
    void namesThatChangePlacesAtOnceWaitForNobodyForEver() throws Exception {
        List<String> keys = List.of(key("EC_P256", ""), key("EC_P256", ""));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 30; round++) {
                String one = "{\"key\":\"" + keys.get(round % 2) + "\"}";
                String other = "{\"key\":\"" + keys.get((round + 1) % 2) + "\"}";
                List<Callable<Reply>> moves = List.of(
                        () -> broker.call("PUT", "/v1/aliases/here", admin, one),
                        () -> broker.call("PUT", "/v1/aliases/there", admin, other));
                for (Future<Reply> move : threads.invokeAll(moves)) {
                    assertThat(move.get().status()).as("%s", move.get()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aDestructionIsOrderedTakenBackOrderedAgainAndDone() throws Exception {
        String key = key("AES_256_GCM", "");
        String ciphertext = use(key, "encrypt", "{'plaintext':'" + HELLO + "'}")
                .body()
                .path("ciphertext")
                .asText();

        refused(change(key, "schedule-destruction", "{'days':7}"), 403, "denied");
        refused(
                change(
                        key,
                        "schedule-destruction",
                        "{'days':1,'approval':'" + approval("ScheduleDestruction", key) + "'}"),
                422,
                "approval-invalid");
        refused(
                change(
                        key,
                        "schedule-destruction",
                        "{'days':8,'approval':'" + approval("ScheduleDestruction", key) + "'}"),
                422,
                "approval-invalid");
        Reply ordered = change(
                key, "schedule-destruction", "{'days':7,'approval':'" + approval("ScheduleDestruction", key) + "'}");
        assertThat(ordered.status()).as("%s", ordered).isEqualTo(200);
        assertThat(ordered.body().path("state").asText()).isEqualTo("suspended");
        assertThat(ordered.body().path("destroys").asText()).isNotEmpty();
        refused(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "'}"), 403, "denied");
        refused(change(key, "enable", "{}"), 409, "illegal-state");
        assertThat(change(key, "cancel-destruction", "{}").body().has("destroys"))
                .isFalse();
        assertThat(change(key, "enable", "{}").body().path("state").asText()).isEqualTo("active");
        assertThat(use(key, "decrypt", "{'ciphertext':'" + ciphertext + "'}").status())
                .isEqualTo(200);

        String approval = approval("ScheduleDestruction", key);
        assertThat(change(key, "schedule-destruction", "{'days':7,'approval':'" + approval + "'}")
                        .status())
                .isEqualTo(200);
        refused(change(key, "schedule-destruction", "{'days':7,'approval':'" + approval + "'}"), 409, "approval-used");
        home.execute("UPDATE key SET destroys = now(), revision = (SELECT revision + 1 FROM shared_state) WHERE id = '"
                + key + "'; UPDATE shared_state SET revision = revision + 1");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> document(key).path("state").asText().equals("destroyed"));
        JsonNode done =
                await().until(() -> destruction(key), Optional::isPresent).orElseThrow();
        JsonNode detail = Records.keyproof(done).path("detail");
        assertThat(detail.path("approval").asText()).isEqualTo(approval);
        assertThat(detail.path("proof").path("inDevice").asBoolean(true)).isFalse();
        assertThat(detail.path("proof").path("wrappedKept").asBoolean(true)).isFalse();
        assertThat(home.select("SELECT count(*) FROM key_version WHERE wrapped IS NOT NULL AND key_id = '" + key + "'"))
                .isEqualTo("0");
    }

    private Optional<JsonNode> destruction(String key) throws Exception {
        return Records.of(home.journal()).of("operation", "DestroyKey").stream()
                .filter(event ->
                        event.path("resources").path(0).path("uid").asText().equals(key))
                .findFirst();
    }

    @Test
    void anEventRotatesWhatItMakesOld() throws Exception {
        String one = key("EC_P256", ",'tags':{'team':'leaving'}");
        String two = key("AES_256_GCM", ",'tags':{'team':'leaving'}");
        String other = key("AES_256_GCM", ",'tags':{'team':'staying'}");
        String suspended = key("AES_256_GCM", "");
        change(suspended, "disable", "{}");

        JsonNode done = broker.post("/v1/rotations", admin, "{'reason':'staff-change','tags':{'team':'leaving'}}")
                .body()
                .path("keys");

        assertThat(done).hasSize(2).allMatch(key -> key.path("version").asInt() == 2);
        assertThat(document(one).path("version").asInt()).isEqualTo(2);
        assertThat(document(two).path("version").asInt()).isEqualTo(2);
        assertThat(document(other).path("version").asInt()).isEqualTo(1);
        JsonNode named = broker.post(
                        "/v1/rotations", admin, "{'reason':'incident','keys':['" + other + "','" + suspended + "']}")
                .body()
                .path("keys");
        assertThat(named.path(0).path("version").asInt()).isEqualTo(2);
        assertThat(named.path(1).path("problem").path("type").asText()).endsWith("illegal-state");
        refused(broker.post("/v1/rotations", admin, "{'reason':'incident'}"), 422, "invalid-input");
        refused(broker.post("/v1/rotations", app, "{'reason':'incident','keys':['" + other + "']}"), 403, "denied");
    }

    @Test
    void rotationsAreDoneWhenTheyAreDue() throws Exception {
        String key = key("AES_256_GCM", ",'rotationPeriodDays':1");
        assertThat(document(key("AES_256_GCM", "")).path("rotationPeriodDays").asInt())
                .as("policy's own period")
                .isEqualTo(90);

        age(key);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> document(key).path("version").asInt() == 2);
    }

    /** As if its current version had been born 25 hours ago. */
    private void age(String key) throws Exception {
        home.execute("UPDATE key_version SET created = created - interval '25 hours' WHERE key_id = '" + key
                + "'; UPDATE key SET revision = (SELECT revision + 1 FROM shared_state) WHERE id = '" + key
                + "'; UPDATE shared_state SET revision = revision + 1");
    }

    private List<JsonNode> asked(String key) throws Exception {
        List<JsonNode> asked = new ArrayList<>();
        for (JsonNode approval : broker.get("/v1/approvals", auditor).body().path("approvals")) {
            if (approval.path("key").asText().equals(key)) {
                asked.add(approval);
            }
        }
        return asked;
    }

    @Test
    void aRotationUnderDualControlIsAskedForOnceAndDoneWhenItsQuorumStands() throws Exception {
        String key = key("EC_P256", ",'rotationPeriodDays':1,'tags':{'dual-control':'required'}");
        String other = key("EC_P256", ",'rotationPeriodDays':1");
        age(key);
        await().atMost(Duration.ofSeconds(20)).until(() -> !asked(key).isEmpty());
        // Some rounds of duties later.
        for (int version = 2; version <= 3; version++) {
            int next = version;
            age(other);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> document(other).path("version").asInt() == next);
        }

        assertThat(asked(key)).hasSize(1);
        JsonNode request = asked(key).getFirst();
        assertThat(request.path("requester").asText()).isEqualTo("keyproof-broker");
        assertThat(document(key).path("version").asInt()).isEqualTo(1);
        assertThat(broker.post(
                                "/v1/approvals/" + request.path("id").asText() + "/signatures",
                                home.token("alice", "custodian"),
                                "{'jws':'"
                                        + home.approve(
                                                "alice",
                                                request.path("statement").asText()) + "'}")
                        .status())
                .isEqualTo(200);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> document(key).path("version").asInt() == 2);
        assertThat(asked(key)).hasSize(1).allMatch(one -> one.path("used").asBoolean());
        assertThat(Records.of(home.journal()).of("operation", "RotateKey"))
                .filteredOn(event ->
                        event.path("resources").path(0).path("uid").asText().equals(key))
                .hasSize(1)
                .allMatch(event -> event.path("status_id").asInt() == 1);
    }

    @Test
    void whomTheKillSwitchWouldHitIsKnownBefore() throws Exception {
        String key = key("AES_256_GCM", "");
        String items = "{'items':[{'plaintext':'" + HELLO + "'},{'plaintext':'" + HELLO + "'}]}";
        use(key, "encrypt", items);
        broker.post("/v1/keys/" + key + ":encrypt", home.token("billing", "application"), items);

        JsonNode users = broker.get("/v1/keys/" + key + "/users", admin).body().path("users");
        assertThat(users).hasSize(2);
        assertThat(users.path(0).path("operations").asInt()).isEqualTo(2);
        assertThat(List.of(
                        users.path(0).path("actor").asText(),
                        users.path(1).path("actor").asText()))
                .containsExactlyInAnyOrder("payments", "billing");
        assertThat(broker.get("/v1/kill-switch/preview", admin)
                        .body()
                        .path("users")
                        .findValuesAsText("key"))
                .contains(key);
        JsonNode entry = null;
        for (JsonNode one : broker.get("/v1/inventory", auditor).body().path("keys")) {
            entry = one.path("id").asText().equals(key) ? one : entry;
        }
        assertThat(entry).isNotNull();
        assertThat(entry.path("lastUsed").asText()).isNotEmpty();
        assertThat(entry.path("protection").asText()).isEqualTo("hsm");
    }
}
