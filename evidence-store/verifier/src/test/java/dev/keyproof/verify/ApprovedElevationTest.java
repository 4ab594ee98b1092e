package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.testing.TestingElevations;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Elevations and broken glasses are signed for as a whole, and policy is told some of it. Held against what a broker wrote. */
final class ApprovedElevationTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final String OTHER_ELEVATION =
            "policy decided on another elevation than the one that was signed for";
    private static final String NOT_ALONE = "a broken glass is signed for by its requester and by nobody else";

    private final TestingElevations elevations = new TestingElevations(TESTING);
    private final List<ObjectNode> written = elevations.written();

    @Test
    void whatABrokerWritesOfElevationsAndApproversHolds() {
        Summary summary = Verifying.proven(elevations.pack(written), elevations.trust());

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
                ObjectNode event = elevations.event(operation);
                change.accept(TestingElevations.detail(event));

                assertThat(fault(event, written)).isEqualTo("the statement is for other parameters");
            }
        }
    }

    @Test
    void aSignatureForNoTermsAtAllLendsNothing() {
        ObjectNode event = elevations.event("ActivateElevation");
        elevations.sign(
                event, statement -> statement.put("parameters", "sha256:" + Digests.hex(bytes("{}"))), "alice", "bob");

        assertThat(fault(event, elevations.enrolled())).isEqualTo("the statement is for other parameters");
    }

    @Test
    void anElevationThatPolicyDidNotDecideOnIsFound() {
        for (Consumer<ObjectNode> change : List.<Consumer<ObjectNode>>of(
                event -> TestingElevations.told(event).put("minutes", 1),
                event -> TestingElevations.told(event).put("role", "auditor"),
                event -> TestingElevations.told(event).put("keys", 2),
                event -> TestingElevations.told(event).put("breakGlass", true),
                event -> TestingElevations.input(event).withObject("/elevation").put("holder", "mallory"),
                event -> TestingElevations.input(event).withObject("/elevation").put("id", "E2"),
                event -> ((ObjectNode) event.path("resources").path(0)).put("uid", "E2"))) {
            ObjectNode event = elevations.event("ActivateElevation");
            change.accept(event);

            assertThat(fault(event, written)).isEqualTo(OTHER_ELEVATION);
        }
    }

    @Test
    void aBrokenGlassIsNoElevationThatOthersApproved() {
        ObjectNode event = elevations.event("BreakGlass");
        event.withObject("/api").put("operation", "ActivateElevation");
        TestingElevations.input(event).withObject("/approvals").put("required-for", "ActivateElevation");
        elevations.sign(event, statement -> statement.put("operation", "ActivateElevation"), "alice", "bob");

        assertThat(fault(event, elevations.enrolled())).isEqualTo(OTHER_ELEVATION);
    }

    @Test
    void aGlassThatAnotherThanItsRequesterBrokeIsFound() {
        ObjectNode event = elevations.event("BreakGlass");
        elevations.sign(event, statement -> {}, "alice");
        assertThat(fault(event, elevations.enrolled())).isEqualTo(NOT_ALONE);

        elevations.sign(event, statement -> {}, "carol", "alice");
        assertThat(fault(event, elevations.enrolled())).isEqualTo(NOT_ALONE);

        elevations.sign(event, statement -> {}, "carol", "carol");
        assertThat(fault(event, elevations.enrolled())).isEqualTo(NOT_ALONE);

        elevations.sign(event, statement -> statement.put("requester", "alice"), "carol");
        assertThat(fault(event, elevations.enrolled()))
                .isEqualTo("policy decided on another approval than the one that was signed");

        elevations.sign(event, statement -> statement.remove("requester"), "carol");
        assertThat(fault(event, elevations.enrolled()))
                .isEqualTo("the statement says more or less than an approval's does");
    }

    @Test
    void whoIsLentARoleDoesNotApproveIt() {
        ObjectNode event = elevations.event("ActivateElevation");
        elevations.sign(event, statement -> {}, "alice", "olga");

        assertThat(fault(event, elevations.enrolled())).isEqualTo("the requester olga approved the own request");
    }

    @Test
    void aRoleThatTooFewApprovedIsFound() {
        ObjectNode event = elevations.event("ActivateElevation");
        elevations.sign(event, statement -> {}, "alice");

        assertThat(fault(event, elevations.enrolled()))
                .isEqualTo("has 1 approvers where policy asks for 2 of role custodian");
    }

    @Test
    void whatBeganAfterItsSignaturesHadExpiredIsFound() {
        for (String operation : List.of("ActivateElevation", "BreakGlass")) {
            ObjectNode event = elevations.event(operation);
            event.put("time", event.path("time").asLong() + 86_400_000);

            assertThat(fault(event, written)).isEqualTo("the operation was done after the approval had expired");
        }
    }

    @Test
    void oneSignatureBreaksTheGlassOnce() {
        List<ObjectNode> twice = new ArrayList<>(written);
        twice.add(elevations.event("BreakGlass"));

        assertThat(Verifying.broken(elevations.pack(twice), elevations.trust()))
                .contains(": was used more than once: by entry ");
    }

    @Test
    void whatWasFoundDoneAfterAnInterruptionHolds() {
        ObjectNode event = elevations.event("BreakGlass");
        settled(event);
        assertThat(Verifying.proven(elevations.pack(TestingElevations.with(event, written)), elevations.trust())
                        .approvals())
                .isEqualTo(5);

        ((ObjectNode) TestingElevations.detail(event).path("intent")).put("minutes", 60);
        assertThat(fault(event, written)).isEqualTo("the statement is for other parameters");
    }

    @Test
    void anElevationWithoutSignatureIsNotUnderstood() {
        for (String operation : List.of("ActivateElevation", "BreakGlass")) {
            ObjectNode event = elevations.event(operation);
            TestingElevations.detail(event).remove("jws");

            assertThat(Verifying.proven(elevations.pack(TestingElevations.with(event, written)), elevations.trust())
                            .notes())
                    .contains("Of what entries say, 1 could not be understood: results/not-understood.ndjson.");
        }
    }

    /** As the broker tells of it at its next start: the signatures where they always are, the rest of what was intended apart. */
    private static void settled(ObjectNode event) {
        ObjectNode detail = TestingElevations.detail(event);
        ObjectNode intent = CanonicalJson.MAPPER.createObjectNode();
        for (String term : List.of("elevation", "role", "minutes", "reason", "breakGlass", "scope")) {
            intent.set(term, detail.remove(term));
        }
        detail.remove("until");
        detail.set("intent", intent);
    }

    /** What is wrong with a record among others; the one that it was made of is not there. */
    private String fault(ObjectNode event, List<ObjectNode> others) {
        String approval = TestingElevations.file(event) + ": ";
        String fault = Verifying.broken(elevations.pack(TestingElevations.with(event, others)), elevations.trust());
        assertThat(fault).startsWith(approval);
        return fault.substring(approval.length());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
