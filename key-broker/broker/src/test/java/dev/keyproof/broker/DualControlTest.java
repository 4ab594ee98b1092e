package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What leaves the broker by approval alone: a data key whose KEK is under dual control, and the backup of all keys. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DualControlTest {
    private TestHome home;
    private BrokerProcess broker;
    private String admin;
    private String app;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        broker = home.start();
        admin = home.token("root", "administrator");
        app = home.token("app", "application");
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        home.close();
    }

    private Reply post(String path, String token, String body) throws Exception {
        return broker.post(path, token, body);
    }

    private static void refused(Reply reply, String problem, String... reasons) {
        assertThat(reply.problem()).as("%s", reply).isEqualTo(problem);
        List<String> said = new ArrayList<>();
        reply.body().path("reasons").forEach(reason -> said.add(reason.asText()));
        assertThat(said).containsExactly(reasons);
    }

    private String kek(String tags) throws Exception {
        Reply made = post(
                "/v1/keys", admin, "{'name':'kek','algorithm':'AES_256_GCM','purpose':'wrap','tags':{" + tags + "}}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private JsonNode dataKey(String kek) throws Exception {
        Reply made = post("/v1/keys/" + kek + ":data-key", app, "{'context':{'a':'b'}}");
        assertThat(made.status()).as("%s", made).isEqualTo(200);
        return made.body();
    }

    /** Asked for by the application and signed by one custodian. */
    private JsonNode approved(String kek, String parameters, String approver) throws Exception {
        Reply asked = post(
                "/v1/approvals",
                app,
                "{'operation':'Decrypt','key':'" + kek + "','change':'CHG-1','parameters':{" + parameters + "}}");
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        assertThat(home.sign(broker, approver, asked.body()).status()).isEqualTo(200);
        return asked.body();
    }

    private static String sha256(String text) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private Reply open(String kek, String what, String approval) throws Exception {
        return post(
                "/v1/keys/" + kek + ":decrypt",
                app,
                "{" + what + ",'context':{'a':'b'},'approval':'" + approval + "'}");
    }

    @Test
    void aKekUnderDualControlOpensWhatWasApprovedAndThatOnce() throws Exception {
        String kek = kek("'dual-control':'required'");
        JsonNode made = dataKey(kek);
        String ciphertext = made.path("ciphertext").asText();

        // Alone, nobody.
        refused(
                post("/v1/keys/" + kek + ":decrypt", app, "{'ciphertext':'" + ciphertext + "','context':{'a':'b'}}"),
                "denied",
                "approval-invalid",
                "quorum-not-met");

        String id = approved(kek, "'ciphertext':'" + sha256(ciphertext) + "'", "alice")
                .path("id")
                .asText();
        String other = dataKey(kek).path("ciphertext").asText();
        refused(open(kek, "'ciphertext':'" + other + "'", id), "approval-invalid");
        // What cannot be opened uses nothing up.
        assertThat(post(
                                "/v1/keys/" + kek + ":decrypt",
                                app,
                                "{'ciphertext':'" + ciphertext + "','context':{'a':'c'},'approval':'" + id + "'}")
                        .problem())
                .isEqualTo("not-decryptable");
        Reply opened = open(kek, "'ciphertext':'" + ciphertext + "'", id);

        assertThat(opened.status()).as("%s", opened).isEqualTo(200);
        assertThat(opened.body().path("plaintext")).isEqualTo(made.path("plaintext"));
        refused(open(kek, "'ciphertext':'" + ciphertext + "'", id), "approval-used");

        Records records = Records.of(home.journal());
        JsonNode event = records.at(opened.record().orElseThrow());
        JsonNode detail = Records.keyproof(event).path("detail");
        assertThat(detail.path("approval").asText()).isEqualTo(id);
        assertThat(detail.path("jws")).hasSize(1);
        assertThat(detail.path("ciphertext").asText()).isEqualTo(sha256(ciphertext));
        assertThat(Records.keyproof(event).path("intent").asText()).isNotEmpty();
        assertThat(event.toString()).doesNotContain(made.path("plaintext").asText());
    }

    @Test
    void aRegisteredDataKeyIsApprovedByItsId() throws Exception {
        String kek = kek("'dual-control':'required'");
        JsonNode made = dataKey(kek);
        String id = made.path("dataKey").asText();
        String approval =
                approved(kek, "'dataKey':'" + id + "'", "bob").path("id").asText();

        Reply opened = open(kek, "'dataKey':'" + id + "'", approval);

        assertThat(opened.body().path("plaintext")).as("%s", opened).isEqualTo(made.path("plaintext"));
    }

    @Test
    void ofManyCallsByOneApprovalOneOpens() throws Exception {
        String kek = kek("'dual-control':'required'");
        String ciphertext = dataKey(kek).path("ciphertext").asText();
        String id = approved(kek, "'ciphertext':'" + sha256(ciphertext) + "'", "alice")
                .path("id")
                .asText();

        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return open(kek, "'ciphertext':'" + ciphertext + "'", id);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        List<Integer> answers = new ArrayList<>();
        for (CompletableFuture<Reply> call : calls) {
            answers.add(call.get().status());
        }

        assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
        assertThat(answers).filteredOn(status -> status == 409).hasSize(7);
    }

    @Test
    void anotherThanWhoAskedOpensNothing() throws Exception {
        String kek = kek("'dual-control':'required'");
        String ciphertext = dataKey(kek).path("ciphertext").asText();
        String id = approved(kek, "'ciphertext':'" + sha256(ciphertext) + "'", "alice")
                .path("id")
                .asText();

        Reply other = post(
                "/v1/keys/" + kek + ":decrypt",
                home.token("neighbour", "application"),
                "{'ciphertext':'" + ciphertext + "','context':{'a':'b'},'approval':'" + id + "'}");

        refused(other, "denied", "approval-invalid");
    }

    @Test
    void aBatchAndAKeyWithoutDualControlAreSaidSo() throws Exception {
        String kek = kek("'dual-control':'required'");
        String ciphertext = dataKey(kek).path("ciphertext").asText();
        String id = approved(kek, "'ciphertext':'" + sha256(ciphertext) + "'", "alice")
                .path("id")
                .asText();
        Reply batch = post(
                "/v1/keys/" + kek + ":decrypt",
                app,
                "{'items':[{'ciphertext':'" + ciphertext + "'}],'approval':'" + id + "'}");
        assertThat(batch.body().path("detail").asText()).contains("a batch has none");

        Reply needless = post(
                "/v1/approvals",
                app,
                "{'operation':'Decrypt','key':'" + kek("") + "','change':'CHG-1','parameters':{'dataKey':'x'}}");
        assertThat(needless.body().path("detail").asText()).contains("needs no approval");
    }

    @Test
    void anApplicationAsksForNothingThatItMayNotDo() throws Exception {
        refused(
                post("/v1/approvals", app, "{'operation':'DestroyKey','key':'" + kek("") + "','change':'CHG-1'}"),
                "denied",
                "request-not-permitted");
    }

    @Test
    void aBackupLeavesByAQuorumAndItsDigestIsOnTheRecord() throws Exception {
        String key = kek("");
        refused(post("/v1/backups", admin, "{}"), "denied", "approval-invalid", "quorum-not-met");
        String id = home.approved(broker, "{'operation':'ExportBackup','change':'CHG-2'}");

        refused(
                post("/v1/backups", home.token("ruth", "administrator"), "{'approval':'" + id + "'}"),
                "denied",
                "approval-invalid");
        Reply kept = broker.call(
                "POST", "/v1/backups", admin, "{\"approval\":\"" + id + "\"}", Map.of("Idempotency-Key", "again-1"));
        assertThat(kept.problem()).isEqualTo("idempotency-key-unsupported");
        Reply exported = post("/v1/backups", admin, "{'approval':'" + id + "'}");

        assertThat(exported.status()).as("%s", exported).isEqualTo(200);
        List<String> keys = new ArrayList<>();
        exported.body()
                .path("versions")
                .forEach(version -> keys.add(version.path("key").asText()));
        assertThat(keys).contains(key);
        refused(post("/v1/backups", admin, "{'approval':'" + id + "'}"), "approval-used");
        JsonNode detail = Records.keyproof(
                        Records.of(home.journal()).at(exported.record().orElseThrow()))
                .path("detail");
        assertThat(detail.path("jws")).hasSize(2);
        assertThat(detail.path("versions").asInt()).isEqualTo(keys.size());
        assertThat(detail.path("digest").asText()).startsWith("sha256:");
    }
}
