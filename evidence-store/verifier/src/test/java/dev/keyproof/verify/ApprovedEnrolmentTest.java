package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingEnrolments;
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

    private String enrolment(String other) {
        return TestingEnrolments.ofErin(TESTING, 5, erin, other);
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
