package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Elevations and broken glasses are signed for as a whole, and policy is told some of it. Held against what a broker wrote when olga
 * was lent a role and a hat, carol broke the glass, and gina was enrolled as an approver and revoked.
 */
final class ApprovedElevationTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final String OTHER_ELEVATION =
            "policy decided on another elevation than the one that was signed for";
    private static final String NOT_ALONE = "a broken glass is signed for by its requester and by nobody else";

    private final List<ObjectNode> written = written();
    private final Map<String, KeyPair> keys = new TreeMap<>();

    @Test
    void whatABrokerWritesOfElevationsAndApproversHolds() {
        Summary summary = Verifying.proven(pack(written), trust());

        assertThat(summary.approvals()).isEqualTo(5);
        assertThat(summary.notes())
                .containsExactly("Approvals are consistent; no trust file names the approvers alice, bob, carol.");
    }

    @Test
    void otherTermsThanWereSignedAreFound() {
        for (String operation : List.of("ActivateElevation", "BreakGlass")) {
            for (Consumer<ObjectNode> change : List.<Consumer<ObjectNode>>of(
                    terms -> terms.put("minutes", 31),
                    terms -> terms.put("reason", "another"),
                    terms -> terms.put("role", "administrator"),
                    terms -> terms.put("elevation", "E2"),
                    terms -> terms.withObject("/scope").putArray("keys"),
                    terms -> terms.withObject("/scope/tags").put("c", "d"),
                    terms -> terms.remove("scope"))) {
                ObjectNode event = event(operation);
                change.accept(detail(event));

                assertThat(fault(event, written)).isEqualTo("the statement is for other parameters");
            }
        }
    }

    @Test
    void aSignatureForNoTermsAtAllLendsNothing() {
        ObjectNode event = event("ActivateElevation");
        sign(event, statement -> statement.put("parameters", "sha256:" + Digests.hex(bytes("{}"))), "alice", "bob");

        assertThat(fault(event, enrolled())).isEqualTo("the statement is for other parameters");
    }

    @Test
    void anElevationThatPolicyDidNotDecideOnIsFound() {
        for (Consumer<ObjectNode> change : List.<Consumer<ObjectNode>>of(
                event -> told(event).put("minutes", 1),
                event -> told(event).put("role", "auditor"),
                event -> told(event).put("keys", 2),
                event -> told(event).put("breakGlass", true),
                event -> input(event).withObject("/elevation").put("holder", "mallory"),
                event -> input(event).withObject("/elevation").put("id", "E2"),
                event -> ((ObjectNode) event.path("resources").path(0)).put("uid", "E2"))) {
            ObjectNode event = event("ActivateElevation");
            change.accept(event);

            assertThat(fault(event, written)).isEqualTo(OTHER_ELEVATION);
        }
    }

    @Test
    void aBrokenGlassIsNoElevationThatOthersApproved() {
        ObjectNode event = event("BreakGlass");
        event.withObject("/api").put("operation", "ActivateElevation");
        input(event).withObject("/approvals").put("required-for", "ActivateElevation");
        sign(event, statement -> statement.put("operation", "ActivateElevation"), "alice", "bob");

        assertThat(fault(event, enrolled())).isEqualTo(OTHER_ELEVATION);
    }

    @Test
    void aGlassThatAnotherThanItsRequesterBrokeIsFound() {
        ObjectNode event = event("BreakGlass");
        sign(event, statement -> {}, "alice");
        assertThat(fault(event, enrolled())).isEqualTo(NOT_ALONE);

        sign(event, statement -> {}, "carol", "alice");
        assertThat(fault(event, enrolled())).isEqualTo(NOT_ALONE);

        sign(event, statement -> {}, "carol", "carol");
        assertThat(fault(event, enrolled())).isEqualTo(NOT_ALONE);

        sign(event, statement -> statement.put("requester", "alice"), "carol");
        assertThat(fault(event, enrolled()))
                .isEqualTo("policy decided on another approval than the one that was signed");

        sign(event, statement -> statement.remove("requester"), "carol");
        assertThat(fault(event, enrolled())).isEqualTo("the statement says more or less than an approval's does");
    }

    @Test
    void whoIsLentARoleDoesNotApproveIt() {
        ObjectNode event = event("ActivateElevation");
        sign(event, statement -> {}, "alice", "olga");

        assertThat(fault(event, enrolled())).isEqualTo("the requester olga approved the own request");
    }

    @Test
    void aRoleThatTooFewApprovedIsFound() {
        ObjectNode event = event("ActivateElevation");
        sign(event, statement -> {}, "alice");

        assertThat(fault(event, enrolled())).isEqualTo("has 1 approvers where policy asks for 2 of role custodian");
    }

    @Test
    void whatBeganAfterItsSignaturesHadExpiredIsFound() {
        for (String operation : List.of("ActivateElevation", "BreakGlass")) {
            ObjectNode event = event(operation);
            event.put("time", event.path("time").asLong() + 86_400_000);

            assertThat(fault(event, written)).isEqualTo("the operation was done after the approval had expired");
        }
    }

    @Test
    void oneSignatureBreaksTheGlassOnce() {
        List<ObjectNode> twice = new ArrayList<>(written);
        twice.add(event("BreakGlass"));

        assertThat(Verifying.broken(pack(twice), trust())).contains(": was used more than once: by entry ");
    }

    @Test
    void whatWasFoundDoneAfterAnInterruptionHolds() {
        ObjectNode event = event("BreakGlass");
        settled(event);
        assertThat(Verifying.proven(pack(with(event, written)), trust()).approvals())
                .isEqualTo(5);

        ((ObjectNode) detail(event).path("intent")).put("minutes", 60);
        assertThat(fault(event, written)).isEqualTo("the statement is for other parameters");
    }

    @Test
    void anElevationWithoutSignatureIsNotUnderstood() {
        for (String operation : List.of("ActivateElevation", "BreakGlass")) {
            ObjectNode event = event(operation);
            detail(event).remove("jws");

            assertThat(Verifying.proven(pack(with(event, written)), trust()).notes())
                    .contains("Of what entries say, 1 could not be understood: results/not-understood.ndjson.");
        }
    }

    /** As the broker tells of it at its next start: the signatures where they always are, the rest of what was intended apart. */
    private static void settled(ObjectNode event) {
        ObjectNode detail = detail(event);
        ObjectNode intent = CanonicalJson.MAPPER.createObjectNode();
        for (String term : List.of("elevation", "role", "minutes", "reason", "breakGlass", "scope")) {
            intent.set(term, detail.remove(term));
        }
        detail.remove("until");
        detail.set("intent", intent);
    }

    /** Signs a statement anew, by keys that {@link #enrolled} enrols. */
    private void sign(ObjectNode event, Consumer<ObjectNode> change, String... approvers) {
        ObjectNode detail = detail(event);
        ObjectNode changed = CanonicalJson.object(
                        bytes(detail(event(signedAs(event))).path("statement").asText()))
                .orElseThrow();
        change.accept(changed);
        String statement = new String(CanonicalJson.bytes(changed), StandardCharsets.UTF_8);
        detail.put("statement", statement);
        ArrayNode jws = detail.putArray("jws");
        for (String approver : approvers) {
            jws.add(TestingPack.approval(approver, keys.computeIfAbsent(approver, one -> keyPair()), statement));
        }
    }

    /** The operation that the record was of when it was written. */
    private static String signedAs(ObjectNode event) {
        return detail(event).path("breakGlass").asBoolean() ? "BreakGlass" : "ActivateElevation";
    }

    private List<ObjectNode> enrolled() {
        List<ObjectNode> records = new ArrayList<>();
        keys.forEach((approver, key) -> records.add(CanonicalJson.object(bytes(TestingPack.enrolment(0, approver, key)))
                .orElseThrow()));
        return records;
    }

    /** What is wrong with a record among others; the one that it was made of is not there. */
    private static String fault(ObjectNode event, List<ObjectNode> others) {
        String approval = "approvals/" + detail(event).path("approval").asText() + ".json: ";
        String fault = Verifying.broken(pack(with(event, others)), trust());
        assertThat(fault).startsWith(approval);
        return fault.substring(approval.length());
    }

    private static List<ObjectNode> with(ObjectNode event, List<ObjectNode> others) {
        List<ObjectNode> all = new ArrayList<>(others.stream()
                .filter(other ->
                        !detail(other).path("approval").equals(detail(event).path("approval")))
                .toList());
        all.add(event);
        return all;
    }

    /** These records as one broker's, decided by the policy that the pack holds, and a head over them. */
    private static byte[] pack(List<ObjectNode> records) {
        List<byte[]> entries = new ArrayList<>();
        JsonNode place = CanonicalJson.object(bytes(TESTING.operation(0))).orElseThrow();
        for (ObjectNode record : records) {
            ObjectNode event = record.deepCopy();
            event.withObject("/metadata").put("sequence", entries.size());
            ObjectNode keyproof = event.withObject("/unmapped/keyproof");
            keyproof.set("epoch", place.path("unmapped").path("keyproof").path("epoch"));
            if (keyproof.has("decision")) {
                keyproof.withObject("/decision")
                        .put("policy", TESTING.policyBundle().digest())
                        .put("data", TESTING.policyBundle().dataDigest());
            }
            entries.add(bytes(event.toString()));
        }
        entries.add(bytes(TestingPack.attestation(0, entries.size())));
        return TESTING.pack(entries);
    }

    private static TrustFile trust() {
        TrustFile anchor = TESTING.trust();
        return new TrustFile(
                anchor.signers(), anchor.timeStampers(), anchor.logKeys(), Map.of(), List.of(), anchor.audiences());
    }

    private ObjectNode event(String operation) {
        return written.stream()
                .filter(event -> event.path("api").path("operation").asText().equals(operation))
                .findFirst()
                .orElseThrow()
                .deepCopy();
    }

    private static ObjectNode detail(ObjectNode event) {
        return event.withObject("/unmapped/keyproof/detail");
    }

    private static ObjectNode input(ObjectNode event) {
        return event.withObject("/unmapped/keyproof/decision/input");
    }

    private static ObjectNode told(ObjectNode event) {
        return input(event).withObject("/request/parameters");
    }

    private static List<ObjectNode> written() {
        try (InputStream in =
                Objects.requireNonNull(ApprovedElevationTest.class.getResourceAsStream("elevations.ndjson"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> CanonicalJson.object(bytes(line)).orElseThrow())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
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
