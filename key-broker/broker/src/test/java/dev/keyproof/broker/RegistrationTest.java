package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Passkeys that are made on the page, and what their attestation proves. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistrationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODEL = "2fc0579f-8113-47ea-b116-bb5a8db9202a";
    private static final String SUBJECT = "C=SE, O=Maker, OU=Authenticator Attestation, CN=Batch 1";
    private static final int GOOD = SoftPasskey.PRESENT | SoftPasskey.VERIFIED;

    private TestHome home;
    private BrokerProcess broker;
    private String origin;
    private String admin;
    private TestAuthority maker;

    @BeforeAll
    void start() throws Exception {
        home = TestHome.create();
        maker = new TestAuthority("Maker of tokens");
        Path roots = home.root().resolve("makers.pem");
        TestAuthority.pem(roots, maker.certificate());
        int port = TestHome.freePort();
        origin = "http://localhost:" + port;
        home.set("keyproof.passkeys.rp-id", "localhost")
                .set("keyproof.passkeys.origin", origin)
                .set("keyproof.passkeys.attestation-roots", roots.toString());
        home.policy(parameters -> {
            parameters.putArray("hardTokens").add(MODEL);
            ((ObjectNode) parameters.path("quorums").path("RotateKey")).put("hardToken", true);
        });
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
    void aPasskeyIsMadeOnThePageEnrolledByOthersAndApproves() throws Exception {
        try (ApproverBrowser browser = new ApproverBrowser()) {
            // When
            String said = browser.register(origin, home.token("dora", "custodian"), "dora", false);

            // Then
            assertThat(said).startsWith("Asked for as ").endsWith("; 2 others must approve.");
            assertThat(browser.fact("Parameters")).contains("approver = dora", "roles = custodian");
            String id = said.substring("Asked for as ".length(), said.indexOf(';'));
            JsonNode dora = enrolled("dora", id);
            assertThat(dora.path("credential").asText()).isNotEmpty();
            assertThat(dora.path("aaguid").isTextual()).isFalse();
            JsonNode asked = asked("{'operation':'DestroyKey','key':'" + key("{}") + "','change':'CHG-1'}");
            browser.open(origin, asked.path("id").asText(), home.token("dora", "custodian"));
            assertThat(browser.press("#approve")).isEqualTo("Approved; 1 of 2.");
            assertThat(browser.faults()).isEmpty();
        }
    }

    /** Chromium's own security key is of no maker that anybody believes. */
    @Test
    void aTokensOwnWordIsNoProofOfItsModel() throws Exception {
        try (ApproverBrowser browser = new ApproverBrowser()) {
            String said = browser.register(origin, home.token("ella", "custodian"), "ella", true);

            if (said.startsWith("Asked for as ")) {
                assertThat(enrolled("ella", said.substring("Asked for as ".length(), said.indexOf(';')))
                                .path("aaguid")
                                .isTextual())
                        .isFalse();
            } else {
                assertThat(said).contains("the registration does not hold");
            }
        }
    }

    @Test
    void aMakersAttestationProvesAHardTokenWhichAQuorumMayAskFor() throws Exception {
        // Given
        SoftPasskey hal = new SoftPasskey("hal", "localhost");
        ObjectNode made = hal.registration("keyproof", origin, model(), maker.issue(SUBJECT));
        Reply wanted = wanted("hal", made);
        assertThat(wanted.status()).as("%s", wanted).isEqualTo(201);
        assertThat(enrolled("hal", wanted.body().path("id").asText())
                        .path("aaguid")
                        .asText())
                .isEqualTo(MODEL);
        String key = key("{'dual-control':'required'}");

        // When: one with a key in a file approves, and one with a hard token
        String rotation = "{'operation':'RotateKey','key':'" + key + "','change':'CHG-2'}";
        JsonNode soft = asked(rotation);
        sign("alice", soft);
        JsonNode hard = asked(rotation);
        Reply signed = broker.call(
                "POST",
                "/v1/approvals/" + hard.path("id").asText() + "/signatures",
                home.token("hal", "custodian"),
                hal.assertion(hard.path("statement").asText(), origin, GOOD, 2));

        // Then
        assertThat(signed.status()).as("%s", signed).isEqualTo(200);
        assertThat(rotate(key, soft).problem()).isEqualTo("denied");
        assertThat(rotate(key, hard).status()).isEqualTo(200);
    }

    @Test
    void anAttestationThatLeadsElsewhereOrIsAlteredIsRefused() throws Exception {
        SoftPasskey ida = new SoftPasskey("ida", "localhost");
        ObjectNode elsewhere =
                ida.registration("keyproof", origin, model(), new TestAuthority("Maker of tokens").issue(SUBJECT));
        ObjectNode otherAudience = ida.registration("another", origin, model(), maker.issue(SUBJECT));
        ObjectNode otherPage = ida.registration("keyproof", "http://localhost:1", model(), maker.issue(SUBJECT));
        ObjectNode others =
                new SoftPasskey("joe", "localhost").registration("keyproof", origin, model(), maker.issue(SUBJECT));
        for (ObjectNode made : List.of(elsewhere, otherAudience, otherPage, others)) {
            Reply refused = wanted("ida", made);
            assertThat(refused.problem()).as("%s", refused).isEqualTo("invalid-input");
            assertThat(refused.body().path("detail").asText()).contains("the registration does not hold");
        }
    }

    private static byte[] model() {
        return HexFormat.of().parseHex(MODEL.replace("-", ""));
    }

    private Reply wanted(String approver, ObjectNode made) throws Exception {
        ObjectNode body = JSON.createObjectNode().put("approver", approver).put("change", "CHG-5");
        body.putArray("roles").add("custodian");
        body.set("webauthn", made);
        return broker.call("POST", "/v1/approvers", home.token(approver, "custodian"), body.toString());
    }

    /** The approver, once two others have approved. */
    private JsonNode enrolled(String approver, String approval) throws Exception {
        JsonNode asked = broker.get("/v1/approvals/" + approval, admin).body();
        sign("alice", asked);
        sign("bob", asked);
        Reply enrolled = broker.call("PUT", "/v1/approvers/" + approver, admin, "{\"approval\":\"" + approval + "\"}");
        assertThat(enrolled.status()).as("%s", enrolled).isEqualTo(200);
        return enrolled.body();
    }

    private void sign(String approver, JsonNode asked) throws Exception {
        Reply signed = broker.post(
                "/v1/approvals/" + asked.path("id").asText() + "/signatures",
                home.token(approver, "custodian"),
                "{'jws':'" + home.approve(approver, asked.path("statement").asText()) + "'}");
        assertThat(signed.status()).as("%s", signed).isEqualTo(200);
    }

    private Reply rotate(String key, JsonNode asked) throws Exception {
        return broker.post(
                "/v1/keys/" + key + ":rotate",
                admin,
                "{'approval':'" + asked.path("id").asText() + "'}");
    }

    private JsonNode asked(String body) throws Exception {
        Reply asked = broker.post("/v1/approvals", admin, body);
        assertThat(asked.status()).as("%s", asked).isEqualTo(201);
        return asked.body();
    }

    private String key(String tags) throws Exception {
        return broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM','tags':" + tags + "}")
                .body()
                .path("id")
                .asText();
    }
}
