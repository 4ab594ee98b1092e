package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a quorum enrolled later is an approver by what that quorum signed. */
final class ApprovedEnrolmentTest {
    private static final TestingPack TESTING = new TestingPack();

    private final KeyPair erin = keyPair();

    @Test
    void whoWasEnrolledByAQuorumApproves() {
        assertThat(Verifying.proven(TESTING.pack(entries(enrolment(""), "erin", erin)), TESTING.trust())
                        .notes())
                .containsExactly("Approvals are consistent; no trust file names the approvers erin.");
    }

    @Test
    void anotherKeyThanTheQuorumSignedIsNobodys() {
        KeyPair other = keyPair();

        assertThat(Verifying.broken(TESTING.pack(entries(enrolment("x"), "erin", erin)), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the approver erin is not enrolled in the pack");
        assertThat(Verifying.broken(TESTING.pack(entries(enrolment(""), "erin", other)), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the signature of erin does not hold");
    }

    @Test
    void anEnrolmentThatNobodyApprovedIsFound() {
        String unsigned = enrolment("").replaceFirst("\"jws\":\\[[^]]*]", "\"jws\":[]");

        assertThat(Verifying.broken(TESTING.pack(entries(unsigned, "erin", erin)), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the approver erin is not enrolled in the pack");
    }

    /** Erin approves the destruction at entry 2, and is enrolled at entry 5. */
    private static List<byte[]> entries(String enrolment, String approver, KeyPair key) {
        List<byte[]> entries = TESTING.entries(8);
        entries.set(2, bytes(TESTING.approved(TESTING.approvals(approver, key))));
        entries.set(5, bytes(enrolment));
        return entries;
    }

    /** An enrolment that carol approved; {@code other} makes what she signed something else. */
    private String enrolment(String other) {
        ObjectNode json = CanonicalJson.object(bytes(TestingPack.enrolment(5, "erin", erin)))
                .orElseThrow();
        ObjectNode detail = (ObjectNode) json.path("unmapped").path("keyproof").path("detail");
        detail.putArray("roles").add("custodian");
        ObjectNode parameters = CanonicalJson.MAPPER.createObjectNode();
        parameters.put("approver", "erin");
        parameters.put("enrolment", other + "sha256:" + Digests.hex(CanonicalJson.bytes(detail)));
        String statement = "{\"aud\":\"keyproof\",\"change\":\"C1\",\"exp\":1700000600,\"id\":\"A2\",\"key\":\"\","
                + "\"operation\":\"EnrolApprover\",\"parameters\":\"sha256:"
                + Digests.hex(CanonicalJson.bytes(parameters)) + "\"}";
        JsonNode approved = CanonicalJson.object(bytes(TESTING.approved(5, "", statement, TESTING.byCarol(statement))
                        .replace("\"A1\"", "\"A2\"")
                        .replace("DestroyKey", "EnrolApprover")
                        .replace("\"input\":{", "\"input\":{\"request\":{\"parameters\":" + parameters + "},")))
                .orElseThrow();
        ObjectNode whole = (ObjectNode) approved;
        ((ObjectNode) whole.path("resources").path(0)).put("uid", "erin").put("type", "approver");
        ((ObjectNode) whole.path("unmapped").path("keyproof").path("detail")).setAll(detail);
        return whole.toString();
    }

    private static KeyPair keyPair() {
        try {
            return TestingAuthority.keyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
