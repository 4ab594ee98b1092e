package dev.keyproof.broker.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.keyproof.broker.SoftPasskey;
import dev.keyproof.broker.TestAuthority;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys may be approvers', and how they are written. */
class ApproverTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORIGIN = "https://keyproof.example.org";
    private static final Passkeys PASSKEYS = new Passkeys("example.org", ORIGIN);
    private static final byte[] MODEL = HexFormat.of().parseHex("2fc0579f811347eab116bb5a8db9202a");

    @TempDir
    Path dir;

    private final TestingSigner alice = TestingSigner.p256("alice");
    private final TestingSigner bob = TestingSigner.ed25519("bob");

    ApproverTest() throws Exception {}

    @Test
    void whatIsWrittenIsRead() throws Exception {
        for (Approver one : List.of(
                alice.approver("a", "b"),
                bob.approver(),
                Approver.of("c", alice.jwk(), List.of("a"), new Passkey("AAAA", "example.org", null), null),
                Approver.of("d", bob.jwk(), List.of("a"), new Passkey("AAAA", "example.org", ORIGIN), "model"))) {
            assertThat(Approver.of(JSON.readTree(one.canonical()))).isEqualTo(one);
        }
    }

    @Test
    void theEnrolmentBindsAllOfIt() throws Exception {
        Approver one = Approver.of("d", bob.jwk(), List.of("a", "b"), null, "model");

        assertThat(one.document().fieldNames())
                .toIterable()
                .containsExactly("approver", "thumbprint", "roles", "aaguid", "jwk");
        assertThat(one.parameters())
                .isEqualTo(JSON.createObjectNode()
                        .put("approver", "d")
                        .put("thumbprint", bob.jwk().computeThumbprint().toString())
                        .put("roles", "a b")
                        .put("enrolment", Statement.digest(one.canonical()))
                        .put("aaguid", "model"));
        assertThat(alice.approver().parameters().has("aaguid")).isFalse();
        assertThat(new BookEntry(7, "EnrolApprover", "{}", null, "s", "e", 1).digest())
                .isEqualTo(Statement.digest("7 EnrolApprover {}"));
    }

    @Test
    void onlyPublicKeysOnTheTwoCurves() throws Exception {
        ECKey p256 = new ECKeyGenerator(Curve.P_256).generate();

        assertThat(PublicKeys.suits(alice.jwk())).isTrue();
        assertThat(PublicKeys.suits(bob.jwk())).isTrue();
        assertThat(PublicKeys.suits(p256)).as("private").isFalse();
        assertThat(PublicKeys.suits(new ECKeyGenerator(Curve.P_384).generate().toPublicJWK()))
                .isFalse();
        assertThat(PublicKeys.suits(new RSAKeyGenerator(2048).generate().toPublicJWK()))
                .isFalse();
        assertThatThrownBy(() -> Approver.of("x", p256, List.of(), null, null)).isInstanceOf(ParseException.class);
        ObjectNode padded = (ObjectNode) JSON.readTree(bob.jwk().toJSONString());
        padded.put("x", padded.path("x").asText() + "=");
        assertThat(PublicKeys.suits(com.nimbusds.jose.jwk.JWK.parse(padded.toString())))
                .isFalse();
    }

    @Test
    void aKeyThatIsNotOnTheCurveIsNone() {
        assertThat(PublicKeys.isBase64Url("AA")).isTrue();
        assertThat(PublicKeys.isBase64Url("AB")).as("bits left over").isFalse();
        assertThat(PublicKeys.isBase64Url("A")).isFalse();
        assertThat(PublicKeys.isBase64Url("+AAA")).isFalse();
    }

    private void fault(String keys, String why) throws Exception {
        Path file = dir.resolve("approvers.json");
        Files.writeString(file, keys);
        assertThatThrownBy(() -> Approvers.read(file))
                .isInstanceOf(ConfigurationFault.class)
                .hasMessageContaining(why);
    }

    private static ObjectNode json(TestingSigner signer) throws Exception {
        return (ObjectNode) JSON.readTree(signer.jwk().toJSONString());
    }

    @Test
    void aFileThatIsWrongIsRefused() throws Exception {
        String a = alice.jwk().toJSONString();
        fault("{", "cannot be read as JSON");
        fault("{\"keys\":[]}", "has no keys");
        fault("{\"keys\":[" + a + "," + a + "]}", "has two keys of 'alice'");
        fault(
                "{\"keys\":[" + a + "," + json(alice).put("kid", "al") + "]}",
                "has one key twice, the second time as 'al'");
        fault("{\"keys\":[" + json(alice).without("kid") + "]}", "has a key without kid");
        fault("{\"keys\":[" + json(alice).put("kid", " ") + "]}", "has a key without kid");
        fault("{\"keys\":[{}]}", "has a key that cannot be read");
        fault(
                "{\"keys\":["
                        + new ECKeyGenerator(Curve.P_384)
                                .keyID("x")
                                .generate()
                                .toPublicJWK()
                                .toJSONString() + "]}",
                "not a public one on P-256 or Ed25519");
        for (String webauthn :
                List.of("{\"rpId\":\"a\"}", "{\"credential\":\"AA\"}", "{\"credential\":\"=\",\"rpId\":\"a\"}")) {
            ObjectNode node = json(alice);
            node.set("webauthn", JSON.readTree(webauthn));
            fault("{\"keys\":[" + node + "]}", "has a passkey without credential (base64url) or rpId");
        }
    }

    @Test
    void oneKeyOrPasskeyIsOnePersons() throws Exception {
        Passkey passkey = new Passkey("AAAA", "example.org", null);
        Approvers approvers =
                Approvers.none().with(alice.approver()).with(Approver.of("bob", bob.jwk(), List.of(), passkey, null));
        TestingSigner other = TestingSigner.p256("other");

        assertThat(approvers.sameKey(alice.approver())).isEmpty();
        assertThat(approvers.sameKey(other.approver())).isEmpty();
        assertThat(approvers.sameKey(Approver.of("x", alice.jwk(), List.of(), null, null)))
                .isEqualTo(approvers.find("alice"));
        assertThat(approvers.sameKey(Approver.of("x", other.jwk(), List.of(), passkey, null)))
                .isEqualTo(approvers.find("bob"));
        assertThat(approvers.sameKey(
                        Approver.of("x", other.jwk(), List.of(), new Passkey("AAAB", "example.org", null), null)))
                .isEmpty();
        assertThat(approvers.without("bob").all()).extracting(Approver::id).containsExactly("alice");
    }

    @Test
    void aKeyIsRegistered() throws Exception {
        Registrations registrations = new Registrations("prod", PASSKEYS, List.of());
        Map<String, Object> jwk = alice.jwk().toJSONObject();

        assertThat(registrations.key("alice", List.of("custodian"), jwk)).isEqualTo(alice.approver("custodian"));
        assertThatThrownBy(() -> registrations.key("alice", List.of(), null))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_INPUT));
    }

    @Test
    void aPasskeyIsRegisteredWithTheModelThatItsMakerAttests() throws Exception {
        TestAuthority maker = new TestAuthority("Maker of tokens");
        SoftPasskey passkey = new SoftPasskey("carol", "example.org");
        Registrations registrations = new Registrations("prod", PASSKEYS, List.of(maker.certificate()));
        TestAuthority.Issued batch = maker.issue("C=SE, O=Maker, OU=Authenticator Attestation, CN=Batch 1");

        Registration made = registration(passkey.registration("prod", ORIGIN, MODEL, batch));

        Approver carol = registrations.passkey("carol", List.of("custodian"), made);
        assertThat(carol.aaguid()).isEqualTo("2fc0579f-8113-47ea-b116-bb5a8db9202a");
        assertThat(carol.passkey()).isEqualTo(new Passkey(passkey.credential(), "example.org", ORIGIN));
        assertThat(carol.thumbprint())
                .isEqualTo(passkey.key().computeThumbprint().toString());

        refused(new Registrations("prod", null, List.of()), "carol", made, "takes no passkeys");
        refused(new Registrations("prod", PASSKEYS, List.of()), "carol", made, "does not hold");
        refused(new Registrations("test", PASSKEYS, List.of(maker.certificate())), "carol", made, "does not hold");
        refused(registrations, "dora", made, "does not hold");
        refused(
                registrations,
                "carol",
                new Registration(made.clientDataJSON(), null),
                "attestationObject is missing, too long");
        refused(
                registrations,
                "carol",
                new Registration(made.clientDataJSON() + "=", made.attestationObject()),
                "clientDataJSON is missing, too long");
        refused(
                registrations,
                "carol",
                new Registration(made.clientDataJSON(), "A".repeat(16_388)),
                "attestationObject is missing, too long");
        refused(
                registrations,
                "carol",
                new Registration(made.clientDataJSON(), "A".repeat(16_384)),
                "the registration does not hold");
    }

    private static Registration registration(JsonNode made) {
        return new Registration(
                made.path("clientDataJSON").asText(),
                made.path("attestationObject").asText());
    }

    private static void refused(Registrations registrations, String id, Registration made, String why) {
        assertThatThrownBy(() -> registrations.passkey(id, List.of(), made))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_INPUT))
                .hasMessageContaining(why);
    }
}
