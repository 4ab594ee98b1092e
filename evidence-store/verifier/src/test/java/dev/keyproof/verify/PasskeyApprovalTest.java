package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingPasskey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Approvals by passkey, and by a JWS of an Ed25519 key: each negative one has exactly one defect. */
final class PasskeyApprovalTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final String STATEMENT = TestingPack.STATEMENT;
    private static final int VERIFIED = TestingPasskey.VERIFIED;

    private final TestingPasskey passkey = new TestingPasskey();

    @Test
    void anAssertionOverTheStatementHolds() {
        assertThat(Verifying.proven(
                                pack(passkey.assertion("webauthn.get", STATEMENT, "keyproof.example", VERIFIED)),
                                TESTING.trust())
                        .approvals())
                .isEqualTo(1);
    }

    @Test
    void oneThatMadeThePasskeyIsFound() {
        assertThat(broken(passkey.assertion("webauthn.create", STATEMENT, "keyproof.example", VERIFIED)))
                .isEqualTo("approvals/A1.json: the assertion of dora is of another type");
    }

    @Test
    void oneWithoutVerifiedUserIsFound() {
        for (int flags : List.of(0x00, 0x01, 0x04)) {
            assertThat(broken(passkey.assertion("webauthn.get", STATEMENT, "keyproof.example", flags)))
                    .isEqualTo("approvals/A1.json: the assertion of dora was made without verifying its user");
        }
    }

    @Test
    void oneMadeOnAnotherPageThanTheEnrolmentSaysIsFound() {
        String assertion = passkey.assertion("webauthn.get", STATEMENT, "keyproof.example", VERIFIED);
        String here = "\"origin\":\"https://keyproof.example\",\"rpId\"";

        assertThat(Verifying.proven(pack(assertion, passkey.enrolled().replace("\"rpId\"", here)), TESTING.trust())
                        .approvals())
                .isEqualTo(1);
        assertThat(Verifying.broken(
                        pack(
                                assertion,
                                passkey.enrolled().replace("\"rpId\"", here.replace("https://", "https://other."))),
                        TESTING.trust()))
                .isEqualTo("approvals/A1.json: the assertion of dora was made on another page");
    }

    @Test
    void oneByAnotherKeyIsFound() {
        assertThat(broken(new TestingPasskey().assertion("webauthn.get", STATEMENT, "keyproof.example", VERIFIED)))
                .isEqualTo("approvals/A1.json: the assertion of dora does not hold");
    }

    @Test
    void oneWithAnotherCounterThanWasSignedIsFound() {
        String assertion = passkey.assertion("webauthn.get", STATEMENT, "keyproof.example", VERIFIED);
        ObjectNode node = CanonicalJson.object(bytes(assertion)).orElseThrow();
        byte[] data =
                Base64.getUrlDecoder().decode(node.path("authenticatorData").asText());
        data[36]++;

        assertThat(broken(node.put("authenticatorData", base64Url(data)).toString()))
                .isEqualTo("approvals/A1.json: the assertion of dora does not hold");
    }

    @Test
    void oneByAKeyThatIsNoPasskeyIsFound() {
        assertThat(Verifying.broken(
                        pack(
                                passkey.assertion("webauthn.get", STATEMENT, "keyproof.example", VERIFIED),
                                TestingPack.enrolment(5, "dora", passkey.key())),
                        TESTING.trust()))
                .isEqualTo("approvals/A1.json: the assertion of dora is by a key that is enrolled as no passkey");
    }

    @Test
    void anEd25519KeySignsJws() throws GeneralSecurityException {
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThat(Verifying.proven(edwards(edwards, "EdDSA", STATEMENT), TESTING.trust())
                        .approvals())
                .isEqualTo(1);
        assertThat(Verifying.broken(edwards(edwards, "ES256", STATEMENT), TESTING.trust()))
                .isEqualTo("approvals/A1.json: a signature is not of the type and algorithm for approvals");
        assertThat(Verifying.broken(edwards(edwards, "EdDSA", STATEMENT.replace("C1", "C2")), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the signature of erin does not hold");
    }

    @Test
    void theRequesterThatWasSignedIsTheOneThatPolicyWasTold() {
        String mallory = STATEMENT.replace("}", ",\"requester\":\"mallory\"}");
        String other = STATEMENT.replace("}", ",\"requester\":\"other\"}");
        List<byte[]> entries = new ArrayList<>(TESTING.entries(8));
        entries.set(2, bytes(TESTING.approved(2, "K1", mallory, TESTING.byCarol(mallory))));

        assertThat(Verifying.proven(TESTING.pack(entries), TESTING.trust()).approvals())
                .isEqualTo(1);
        entries.set(2, bytes(TESTING.approved(2, "K1", other, TESTING.byCarol(other))));
        assertThat(Verifying.broken(TESTING.pack(entries), TESTING.trust()))
                .isEqualTo("approvals/A1.json: policy decided on another approval than the one that was signed");
    }

    private static byte[] edwards(KeyPair edwards, String algorithm, String statement) throws GeneralSecurityException {
        String input =
                base64Url(bytes("{\"alg\":\"" + algorithm + "\",\"kid\":\"erin\",\"typ\":\"keyproof-approval+jws\"}"))
                        + "." + base64Url(bytes(statement));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(edwards.getPrivate());
        signature.update(bytes(input));
        byte[] spki = edwards.getPublic().getEncoded();
        String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"erin\",\"x\":\""
                + base64Url(Arrays.copyOfRange(spki, spki.length - 32, spki.length)) + "\"}";
        List<byte[]> entries = new ArrayList<>(TESTING.entries(8));
        entries.set(
                5,
                bytes(TestingPack.enrolment(5, "erin", TESTING.carol())
                        .replaceFirst("\\{\"kty\":\"EC\"[^}]*}", jwk)
                        .replaceFirst("\"jwk\":\\{[^}]*}", "\"jwk\":" + jwk)));
        entries.set(2, bytes(TESTING.approved(input + "." + base64Url(signature.sign()))));
        return TESTING.pack(entries);
    }

    private String broken(String assertion) {
        return Verifying.broken(pack(assertion), TESTING.trust());
    }

    private byte[] pack(String assertion) {
        return pack(assertion, passkey.enrolled());
    }

    private static byte[] pack(String assertion, String enrolment) {
        return TestingPasskey.pack(TESTING, assertion, enrolment);
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
