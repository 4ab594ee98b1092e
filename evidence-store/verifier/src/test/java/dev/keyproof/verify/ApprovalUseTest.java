package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An approval is good once, for what its signers were shown, by as many people as policy asked for. */
final class ApprovalUseTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final String STATEMENT = TestingPack.STATEMENT;

    @Test
    void oneForAnotherAudienceIsFound() {
        assertThat(signed(STATEMENT.replace("\"aud\":\"keyproof\"", "\"aud\":\"another\"")))
                .isEqualTo("approvals/A1.json: the statement is for another, whom the trust file does not name");
        assertThat(signed(STATEMENT.replace("\"aud\":\"keyproof\"", "\"aud\":\"\"")))
                .isEqualTo("approvals/A1.json: the statement is for nobody");
    }

    @Test
    void aDestructionThatWasOrderedIsDoneOnTheApprovalOfItsOrder() {
        assertThat(Verifying.proven(ordered(act(5, "K1", "I1")), TESTING.trust())
                        .notes())
                .containsExactly(
                        "Approvals made out to an operation without the parameters that it had, which nobody approved: 1.");
    }

    @Test
    void oneOfAnotherOrderOrKeyIsFound() {
        assertThat(Verifying.broken(ordered(act(5, "K1", "I2")), TESTING.trust()))
                .isEqualTo("approvals/A1.json: entry 5 of log/2026 did what this approval did not order");
        assertThat(Verifying.broken(ordered(act(5, "K2", "I1")), TESTING.trust()))
                .isEqualTo("approvals/A1.json: entry 5 of log/2026 did what this approval did not order");
    }

    @Test
    void aPlainDestructionsApprovalIsNoOrder() {
        List<byte[]> entries = TESTING.entries(8);
        entries.set(5, bytes(act(5, "K1", "")));
        entries.set(6, bytes(act(6, "K1", "I1")));

        assertThat(Verifying.broken(TESTING.pack(entries), TESTING.trust()))
                .isEqualTo("approvals/A1.json: entry 6 of log/2026 did what this approval did not order");
    }

    /** An order with parameters at entry 2, and these entries from 5 on. */
    private static byte[] ordered(String... acts) {
        List<byte[]> entries = TESTING.entries(9);
        entries.set(2, bytes(TESTING.ordered()));
        for (int i = 0; i < acts.length; i++) {
            entries.set(5 + i, bytes(acts[i]));
        }
        return TESTING.pack(entries);
    }

    private static String act(int sequence, String key, String order) {
        return TESTING.act(sequence, key, order);
    }

    @Test
    void oneOfAnotherRoleDoesNotCount() {
        String asked = TESTING.approved(TESTING.byCarol(STATEMENT))
                .replace("\"quorum\":1", "\"of\":\"custodian\",\"quorum\":1");
        String told = asked.replace(
                "\"expires\":1700000600",
                "\"approvers\":[{\"id\":\"carol\",\"roles\":[\"custodian\"]}],\"expires\":1700000600");

        assertThat(broken(asked))
                .isEqualTo("approvals/A1.json: has 0 approvers where policy asks for 1 of role custodian");
        assertThat(Verifying.broken(enrolledAs("auditor", told), TESTING.trust()))
                .isEqualTo("approvals/A1.json: has 0 approvers where policy asks for 1 of role custodian");
        assertThat(Verifying.proven(enrolledAs("custodian", told), TESTING.trust())
                        .approvals())
                .isEqualTo(1);
    }

    /** A pack in which carol is enrolled with a role. */
    private static byte[] enrolledAs(String role, String approved) {
        List<byte[]> entries = TESTING.entries(8);
        entries.set(
                0,
                bytes(TestingPack.enrolment(0, "carol", TESTING.carol())
                        .replace("\"approver\":\"carol\"", "\"approver\":\"carol\",\"roles\":[\"" + role + "\"]")));
        entries.set(2, bytes(approved));
        return TESTING.pack(entries);
    }

    @Test
    void twoPeopleAreEnough() throws GeneralSecurityException {
        var dave = TestingAuthority.keyPair();
        List<byte[]> entries = TESTING.entries(8);
        entries.set(5, bytes(TestingPack.enrolment(5, "dave", dave)));
        entries.set(
                2,
                bytes(TESTING.approved(TESTING.byCarol(STATEMENT), TESTING.approvals("dave", dave))
                        .replace("\"quorum\":1", "\"quorum\":2")));

        assertThat(Verifying.proven(TESTING.pack(entries), TESTING.trust()).notes())
                .containsExactly("Approvals are consistent; no trust file names the approvers dave.");
    }

    /** The first fault where carol signed another statement. */
    private static String signed(String statement) {
        return broken(TESTING.approved(2, "K1", statement, TESTING.byCarol(statement)));
    }

    private static String broken(String approved) {
        List<byte[]> entries = new ArrayList<>(TESTING.entries(8));
        entries.set(2, bytes(approved));
        return Verifying.broken(TESTING.pack(entries), TESTING.trust());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
