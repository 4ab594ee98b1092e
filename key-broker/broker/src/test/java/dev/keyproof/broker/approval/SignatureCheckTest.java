package dev.keyproof.broker.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.keyproof.broker.SoftPasskey;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One defect in each signature that is refused, and which one is said. */
class SignatureCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATEMENT = "{\"operation\":\"DestroyKey\"}";
    private static final String ORIGIN = "https://keyproof.example.org";
    private static final int GOOD = SoftPasskey.PRESENT | SoftPasskey.VERIFIED;

    private final SignatureCheck check = new SignatureCheck(new Passkeys("example.org", ORIGIN));
    private final TestingSigner alice = TestingSigner.p256("alice");
    private final TestingSigner bob = TestingSigner.ed25519("bob");
    private final SoftPasskey carol = new SoftPasskey("carol", "example.org");
    private final Approvers approvers;

    SignatureCheckTest() throws Exception {
        approvers = Approvers.none()
                .with(alice.approver("custodian"))
                .with(bob.approver("custodian"))
                .with(carol("example.org", null));
    }

    private Approver carol(String rpId, @org.jspecify.annotations.Nullable String origin) throws Exception {
        return Approver.of(
                "carol",
                carol.key().toPublicJWK(),
                List.of("custodian"),
                new Passkey(carol.credential(), rpId, origin),
                null);
    }

    private void refused(Signed signed, String why) {
        refused(check, approvers, signed, why);
    }

    private static void refused(SignatureCheck check, Approvers approvers, Signed signed, String why) {
        assertThatThrownBy(() -> check.signer(approvers, STATEMENT, signed))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.APPROVAL_INVALID))
                .hasMessageContaining(why);
    }

    @Test
    void bothKindsOfKeysSign() throws Exception {
        for (TestingSigner one : List.of(alice, bob)) {
            Signer signer = check.signer(approvers, STATEMENT, one.sign(STATEMENT));

            assertThat(signer).isEqualTo(new Signer(approvers.find(one.id()).orElseThrow(), 0));
        }
    }

    @Test
    void anotherStatementIsNotThisOne() throws Exception {
        refused(alice.sign(STATEMENT + " "), "what was signed is not this statement");
    }

    @Test
    void theSignatureIsVerified() throws Exception {
        for (TestingSigner one : List.of(alice, bob)) {
            String jws = one.sign(STATEMENT).compact();
            int dot = jws.lastIndexOf('.');
            // In its second half, which is a number: another one is well-formed too.
            char other = jws.charAt(dot + 60) == 'A' ? 'B' : 'A';
            refused(
                    new Signed.Jws(jws.substring(0, dot + 60) + other + jws.substring(dot + 61)),
                    "the signature does not verify");
        }
    }

    @Test
    void nothingInTheHeaderIsBelieved() throws Exception {
        refused(
                new Signed.Jws(alice.jws(alice.header().keyID("bob").build(), STATEMENT)),
                "the signature's alg is not EdDSA");
        refused(
                new Signed.Jws(bob.jws(bob.header().keyID("alice").build(), STATEMENT)),
                "the signature's alg is not ES256");
        refused(
                new Signed.Jws(alice.jws(alice.header().keyID("mallory").build(), STATEMENT)),
                "kid is no enrolled approver");
        refused(
                new Signed.Jws(alice.jws(alice.header().type(JOSEObjectType.JWT).build(), STATEMENT)),
                "typ is not keyproof-approval+jws");
        refused(
                new Signed.Jws(alice.jws(alice.header().contentType("text").build(), STATEMENT)),
                "other members than alg, typ and kid");
        refused(
                new Signed.Jws(alice.jws(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(new JOSEObjectType("keyproof-approval+jws"))
                                .build(),
                        STATEMENT)),
                "other members than alg, typ and kid");
    }

    @Test
    void whatIsNoCompactJwsIsRefused() throws Exception {
        String jws = alice.sign(STATEMENT).compact();

        refused(new Signed.Jws(jws + "="), "base64url without padding");
        refused(new Signed.Jws(jws + "."), "base64url without padding");
        refused(new Signed.Jws(jws.substring(0, jws.lastIndexOf('.'))), "base64url without padding");
        refused(new Signed.Jws("AAAA.AAAA.AAAA"), "the signature is not a compact JWS");
        refused(new Signed.Jws("A".repeat(4097)), "the signature is too long");
        refused(new Signed.Jws("A".repeat(4096)), "base64url without padding");
    }

    @Test
    void aPasskeyMakesNoJws() throws Exception {
        refused(
                new Signed.Jws(alice.jws(alice.header().keyID("carol").build(), STATEMENT)),
                "a passkey, which makes no JWS");
    }

    private Signed.Assertion assertion(String statement, String origin, int flags) throws Exception {
        return assertion(
                JSON.readTree(carol.assertion(statement, origin, flags, 7)).path("webauthn"));
    }

    private static Signed.Assertion assertion(JsonNode webauthn) {
        return new Signed.Assertion(
                webauthn.path("credential").asText(),
                webauthn.path("clientDataJSON").asText(),
                webauthn.path("authenticatorData").asText(),
                webauthn.path("signature").asText());
    }

    private Signed.Assertion withClientData(String clientData) throws Exception {
        Signed.Assertion good = assertion(STATEMENT, ORIGIN, GOOD);
        return new Signed.Assertion(
                good.credential(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(clientData.getBytes(StandardCharsets.UTF_8)),
                good.authenticatorData(),
                good.signature());
    }

    private String clientData() throws Exception {
        return new String(
                Base64.getUrlDecoder().decode(assertion(STATEMENT, ORIGIN, GOOD).clientDataJSON()),
                StandardCharsets.UTF_8);
    }

    @Test
    void aPasskeySignsAndItsCounterIsRead() throws Exception {
        Signer signer = check.signer(approvers, STATEMENT, assertion(STATEMENT, ORIGIN, GOOD));

        assertThat(signer).isEqualTo(new Signer(approvers.find("carol").orElseThrow(), 7));
    }

    @Test
    void aPasskeySignsOnThePageThatItWasEnrolledOn() throws Exception {
        Approvers elsewhere = approvers.with(carol("example.org", "https://old.example.org"));

        assertThat(check.signer(elsewhere, STATEMENT, assertion(STATEMENT, "https://old.example.org", GOOD))
                        .approver()
                        .id())
                .isEqualTo("carol");
        refused(check, elsewhere, assertion(STATEMENT, ORIGIN, GOOD), "the assertion does not hold");
    }

    @Test
    void anAssertionIsOfItsUserOnOurPageOverThisStatement() throws Exception {
        refused(assertion(STATEMENT, ORIGIN, SoftPasskey.PRESENT), "the assertion does not hold");
        refused(assertion(STATEMENT, ORIGIN, SoftPasskey.VERIFIED), "the assertion does not hold");
        refused(assertion(STATEMENT, "https://evil.example.org", GOOD), "the assertion does not hold");
        refused(assertion("{}", ORIGIN, GOOD), "challenge is not this statement");
        refused(check, approvers.with(carol("other.org", null)), assertion(STATEMENT, ORIGIN, GOOD), "relying party");
        refused(check, approvers.without("carol"), assertion(STATEMENT, ORIGIN, GOOD), "no enrolled approver's");
        refused(new SignatureCheck(null), approvers, assertion(STATEMENT, ORIGIN, GOOD), "takes no passkeys");
    }

    @Test
    void clientDataIsReadStrictly() throws Exception {
        refused(
                withClientData(clientData().replace("\"crossOrigin\":false", "\"crossOrigin\":true")),
                "within another's page");
        refused(withClientData(clientData().replace("{", "{\"type\":\"webauthn.get\",")), "JSON of distinct members");
        refused(withClientData(clientData() + "{}"), "JSON of distinct members");
        refused(withClientData(clientData() + " "), "the assertion does not hold");
        for (String member :
                List.of("\"type\":\"webauthn.get\"", "\"origin\":\"" + ORIGIN + "\"", "\"crossOrigin\":false")) {
            String name = member.substring(0, member.indexOf(':'));
            refused(withClientData(clientData().replace(member, name + ":[]")), "the assertion does not hold");
        }
    }

    @Test
    void bytesHaveOneForm() throws Exception {
        Signed.Assertion good = assertion(STATEMENT, ORIGIN, GOOD);

        refused(
                new Signed.Assertion(
                        good.credential(), good.clientDataJSON(), good.authenticatorData(), good.signature() + "="),
                "signature: is not base64url without padding");
        refused(
                new Signed.Assertion(good.credential(), good.clientDataJSON(), "A".repeat(8193), good.signature()),
                "authenticatorData: is too long");
        refused(
                new Signed.Assertion(good.credential(), good.clientDataJSON(), "A".repeat(8192), good.signature()),
                "the assertion does not hold");
    }
}
