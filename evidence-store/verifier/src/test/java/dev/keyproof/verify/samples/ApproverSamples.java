package dev.keyproof.verify.samples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingElevations;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingPasskey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Approvals by too few, by the wrong ones, or not by them. */
final class ApproverSamples {
    private static final String FILE = "approvals/A1.json: ";
    private static final String STATEMENT = TestingPack.STATEMENT;

    private final Samples samples;
    private final TestingPack testing;
    private final TestingPasskey passkey = new TestingPasskey();
    private final KeyPair stranger = keyPair();

    ApproverSamples(Samples samples) {
        this.samples = samples;
        this.testing = samples.testing;
    }

    List<Sample> all() {
        return List.of(
                fewerThanAskedFor(),
                theRequester(),
                oneTwice(),
                onePersonTwice(),
                oneKeyOfTwo(),
                nobodyEnrolled(),
                anotherKeyThanTrusted(),
                noKeyTrusted(),
                byAnotherKey(),
                plainSignatureOfAPasskey(),
                assertionOverAnother(),
                assertionElsewhere(),
                assertionWithoutUser(),
                glassOfTwo());
    }

    private Sample fewerThanAskedFor() {
        return approved(
                Reason.TOO_FEW_APPROVERS,
                "has 1 approvers where policy asks for 2",
                twice(testing.approved(testing.byCarol(STATEMENT))));
    }

    private Sample theRequester() {
        return approved(
                Reason.REQUESTER_APPROVED,
                "the requester mallory approved the own request",
                testing.approved(testing.approvals("mallory", stranger)));
    }

    private Sample oneTwice() {
        return approved(
                Reason.APPROVER_COUNTED_TWICE,
                "the approver carol stands twice",
                twice(testing.approved(testing.byCarol(STATEMENT), testing.byCarol(STATEMENT))));
    }

    /** Policy's data says that carol approves by a certificate as well. */
    private Sample onePersonTwice() {
        String both = twice(testing.approved(testing.byCarol(STATEMENT), testing.approvals("x509:carol", stranger)));
        return samples.sealed(
                Reason.PERSON_COUNTED_TWICE,
                FILE + "the approver x509:carol is another's second name: one person does not count twice",
                entries -> {
                    entries.set(2, Samples.bytes(both));
                    entries.set(5, Samples.bytes(TestingPack.enrolment(5, "x509:carol", stranger)));
                });
    }

    /** Carol's key is enrolled as dave's as well. */
    private Sample oneKeyOfTwo() {
        String both = twice(testing.approved(testing.byCarol(STATEMENT), testing.approvals("dave", testing.carol())));
        return samples.sealed(
                Reason.APPROVER_KEY_SHARED,
                FILE + "the approver dave has the key of another: one person does not count twice",
                entries -> {
                    entries.set(2, Samples.bytes(both));
                    entries.set(5, Samples.bytes(TestingPack.enrolment(5, "dave", testing.carol())));
                });
    }

    private Sample nobodyEnrolled() {
        return approved(
                Reason.APPROVER_NOT_ENROLLED,
                "the approver eve is not enrolled in the pack",
                testing.approved(testing.approvals("eve", stranger)));
    }

    private Sample anotherKeyThanTrusted() {
        return new Sample(
                Reason.APPROVER_KEY_OTHER,
                samples.sound(),
                approvers(new TestingPack().trust().approvers()),
                FILE + "the trust file names another key of the approver carol");
    }

    private Sample noKeyTrusted() {
        Map<String, ObjectNode> approvers = new TreeMap<>(testing.trust().approvers());
        approvers.replaceAll((id, jwk) -> jwk.deepCopy().put("crv", "P-384"));
        return new Sample(
                Reason.APPROVER_KEY_FORM,
                samples.sound(),
                approvers(approvers),
                FILE + "the key of an approver is none on P-256 or Ed25519");
    }

    private Sample byAnotherKey() {
        return approved(
                Reason.APPROVAL_SIGNATURE,
                "the signature of carol does not hold",
                testing.approved(testing.approvals("carol", stranger)));
    }

    private Sample plainSignatureOfAPasskey() {
        return samples.sealed(
                Reason.APPROVAL_SIGNATURE_FORM,
                FILE + "a signature is not of the type and algorithm for approvals",
                entries -> {
                    entries.set(2, Samples.bytes(testing.approved(testing.approvals("dora", passkey.key()))));
                    entries.set(5, Samples.bytes(passkey.enrolled()));
                });
    }

    private Sample assertionOverAnother() {
        return asserted(
                Reason.ASSERTION_STATEMENT,
                "the assertion of dora is over another statement",
                passkey.assertion(STATEMENT.replace("K1", "K2")));
    }

    private Sample assertionElsewhere() {
        return asserted(
                Reason.ASSERTION_ELSEWHERE,
                "the assertion of dora is for another relying party",
                passkey.assertion("webauthn.get", STATEMENT, "evil.example", TestingPasskey.VERIFIED));
    }

    private Sample assertionWithoutUser() {
        return asserted(
                Reason.ASSERTION_USER,
                "the assertion of dora was made without verifying its user",
                passkey.assertion("webauthn.get", STATEMENT, TestingPasskey.HERE, 0x01));
    }

    private Sample glassOfTwo() {
        TestingElevations elevations = new TestingElevations(testing);
        ObjectNode event = elevations.event("BreakGlass");
        elevations.sign(event, statement -> {}, "carol", "alice");
        return new Sample(
                Reason.GLASS_NOT_ALONE,
                elevations.pack(TestingElevations.with(event, elevations.enrolled())),
                elevations.trust(),
                TestingElevations.file(event) + ": a broken glass is signed for by its requester and by nobody else");
    }

    private Sample asserted(Reason reason, String says, String assertion) {
        return samples.of(reason, TestingPasskey.pack(testing, assertion, passkey.enrolled()), FILE + says);
    }

    private Sample approved(Reason reason, String says, String approved) {
        return samples.sealed(reason, FILE + says, entries -> entries.set(2, Samples.bytes(approved)));
    }

    /** Policy asked for two. */
    private static String twice(String approved) {
        return approved.replace("\"quorum\":1", "\"quorum\":2");
    }

    private TrustFile approvers(Map<String, ObjectNode> approvers) {
        TrustFile trust = testing.trust();
        return new TrustFile(
                trust.signers(), trust.timeStampers(), trust.logKeys(), approvers, List.of(), trust.audiences());
    }

    private static KeyPair keyPair() {
        try {
            return TestingAuthority.keyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
