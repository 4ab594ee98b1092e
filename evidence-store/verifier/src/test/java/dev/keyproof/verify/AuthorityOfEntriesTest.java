package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may say what: records under a signed head of their source; and what is said and makes no sense. */
final class AuthorityOfEntriesTest {
    private static final TestingPack TESTING = new TestingPack();

    @Test
    void anEnrolmentThatNoHeadCoversEnrolsNobody() throws GeneralSecurityException {
        // Given: somebody with the collector's credentials enrols himself at a place beyond the head
        var eve = TestingAuthority.keyPair();
        List<byte[]> entries = TESTING.entries(9);
        entries.set(5, bytes(TestingPack.enrolment(1000, "eve", eve)));
        entries.set(2, bytes(TESTING.approved(TESTING.approvals("eve", eve))));

        // Then
        assertThat(Verifying.broken(TESTING.pack(entries), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the approver eve is not enrolled in the pack");
    }

    @Test
    void norDoesOneAtAPlaceThatWasCoveredBefore() throws GeneralSecurityException {
        var eve = TestingAuthority.keyPair();
        List<byte[]> entries = TESTING.entries(9);
        entries.add(bytes(TestingPack.enrolment(5, "eve", eve)));
        entries.set(2, bytes(TESTING.approved(TESTING.approvals("eve", eve))));

        assertThat(Verifying.broken(TESTING.pack(entries), TESTING.trust()))
                .isEqualTo("approvals/A1.json: the approver eve is not enrolled in the pack");
    }

    @Test
    void aKeysStateThatNoHeadCoversIsData() {
        // Given
        List<byte[]> entries = TESTING.entries(9);
        entries.add(bytes(TESTING.operation(1000).replace("K1", "K9").replace("true}", "false}")));
        entries.add(bytes(TESTING.operation(1001).replace("\"sensitive\":true", "\"sensitive\":false")));

        // When
        Summary summary = Verifying.proven(TESTING.pack(entries), TESTING.trust());

        // Then
        assertThat(summary.keys()).isEqualTo(1);
        assertThat(new String(file(TESTING.pack(entries), "keys/K1.json"), StandardCharsets.UTF_8))
                .contains("\"sensitive\":true");
        assertThat(summary.notes())
                .containsExactly("Records of Keyproof's own parts that no signed head in the pack covers: 2."
                        + " They are data; nothing that they say of keys, approvers or approvals counts.");
    }

    @Test
    void aLaterHeadGivesItAuthority() {
        List<byte[]> entries = TESTING.entries(9);
        entries.add(bytes(TESTING.operation(9).replace("K1", "K9")));
        entries.add(bytes(TestingPack.attestation(9, 10)));

        Summary summary = Verifying.proven(TESTING.pack(entries), TESTING.trust());

        assertThat(summary.keys()).isEqualTo(2);
        assertThat(summary.notes()).isEmpty();
    }

    @Test
    void whatAnOriginElsewhereRecordedIsNoKeyOfOurs() {
        List<byte[]> entries = TESTING.entries(9);
        entries.set(
                5,
                bytes(TESTING.operation(5)
                        .replace("\"kind\":\"operation\"", "\"kind\":\"observed\"")
                        .replace("K1", "K9")));

        assertThat(Verifying.proven(TESTING.pack(entries), TESTING.trust()).keys())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"jws\":7",
                "\"jws\":[]",
                "\"jws\":[7]",
                "\"jws\":[{}]",
                "\"jws\":[\"garbage\"]",
                "\"jws\":[\"a.b.\\ud800\"]",
                "\"jws\":null"
            })
    void approvalsThatAreNoneAreNamed(String jws) {
        String approved = TESTING.approved("SIGNED").replace("\"jws\":[\"SIGNED\"]", jws);

        assertThat(notUnderstood(approved))
                .isEqualTo("policy asked for the approval of 1, and it carries none that could be read");
    }

    @Test
    void aStatementWithHalfACharacterIsNamed() {
        String approved = TESTING.approved(TESTING.byCarol(TestingPack.STATEMENT))
                .replace("\"statement\":\"", "\"statement\":\"\\ud800");

        assertThat(notUnderstood(approved)).startsWith("policy asked for the approval of 1");
    }

    @Test
    void aStatementThatEndsBeyondAllNumbersIsNamed() {
        String far = TestingPack.STATEMENT.replace("1700000600", "18446744073709553");

        assertThat(notUnderstood(TESTING.approved(2, "K1", far, TESTING.byCarol(far))))
                .startsWith("policy asked for the approval of 1");
    }

    @Test
    void anApprovalThatIsNotThereIsNamed() {
        String approved = TESTING.approved("SIGNED").replace(",\"jws\":[\"SIGNED\"]", "");

        assertThat(notUnderstood(approved)).startsWith("policy asked for the approval of 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7", "\"x\"", "[]", "{\"policy\":\"sha256:zz\",\"data\":7}"})
    void aDecisionThatIsNoneIsNamed(String decision) {
        String operation = TESTING.operation(2);
        int at = operation.indexOf("\"decision\":") + "\"decision\":".length();

        assertThat(notUnderstood(operation.substring(0, at) + decision + "}}}"))
                .isEqualTo("its decision names no policy and data set by their digests");
    }

    @Test
    void aDigestThatIsNotHexIsNamed() {
        assertThat(notUnderstood(
                        TESTING.operation(2).replace(TESTING.policyBundle().digest(), "sha256:../../x")))
                .isEqualTo("its decision names no policy and data set by their digests");
    }

    @Test
    void aNumberBeyondAllIsNamed() {
        assertThat(notUnderstood(TESTING.operation(2).replace("\"sensitive\":true", "\"bits\":" + "9".repeat(400))))
                .isEqualTo("it states a key's attributes, and not in a form that can be kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../K1", "a/b", "", "..", "K\\u0000"})
    void aKeyThatIsNoNameIsNamed(String id) {
        assertThat(notUnderstood(TESTING.operation(2).replace("K1", id)))
                .isEqualTo("it states a key's attributes, and not in a form that can be kept");
    }

    @Test
    void anApproverWithoutAKeyIsNamed() {
        String enrolment = TestingPack.enrolment(2, "dave", TESTING.carol());

        assertThat(notUnderstood(enrolment.replace("\"P-256\"", "\"P-999\"")))
                .isEqualTo("it enrols an approver without a name or a key on P-256 or Ed25519");
        assertThat(notUnderstood(enrolment.replace("\"x\":\"", "\"x\":\"AAAA")))
                .isEqualTo("it enrols an approver without a name or a key on P-256 or Ed25519");
        assertThat(notUnderstood(enrolment.replace("\"x\":\"", "\"x\":\"?")))
                .isEqualTo("it enrols an approver without a name or a key on P-256 or Ed25519");
    }

    @Test
    void anEntryThatIsNoJsonIsNamed() {
        assertThat(notUnderstood("not json")).isEqualTo("not a JSON object");
    }

    /** The pack with this entry holds, and the entry is the only one that was not understood: the reason. */
    private static String notUnderstood(String entry) {
        List<byte[]> entries = TESTING.entries(9);
        entries.set(2, bytes(entry));
        byte[] pack = TESTING.pack(entries);
        assertThat(Verifying.proven(pack, TESTING.trust()).notes())
                .containsExactly("Of what entries say, 1 could not be understood: results/not-understood.ndjson.");
        String line = new String(file(pack, PackContents.NOT_UNDERSTOOD), StandardCharsets.UTF_8);
        assertThat(line)
                .startsWith("{\"index\":2,\"log\":\"log/2026\",\"reason\":\"")
                .endsWith("\"}\n");
        return line.substring(line.indexOf("reason") + 9, line.length() - 3);
    }

    private static byte[] file(byte[] pack, String name) {
        try {
            return CanonicalZip.read(MemorySegment.ofArray(pack), new Faults(false))
                    .bytes(name);
        } catch (UnreadableException | BrokenPackException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
