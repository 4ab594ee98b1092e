package dev.keyproof.stream.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.policy.RuleResult.Control;
import dev.keyproof.policy.RuleResult.Status;
import dev.keyproof.policy.history.KeyUses;
import dev.keyproof.policy.history.OpenIntent;
import dev.keyproof.policy.history.Standing;
import dev.keyproof.stream.emit.Emission;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // Flink's harness declares Exception on close
final class ComplianceReviewTest {
    private static final long TIME = 1_795_000_000_000L;
    private static final long REVIEW = 60_000;

    /** Two rules: one wants an owner, one wants the state to be young. What they are told of the past is kept. */
    private record TestingRules(String digest) implements Rules {
        static final List<JsonNode> TOLD = new ArrayList<>();

        private static RuleResult result(String rule, Status status) {
            return new RuleResult(
                    rule,
                    status,
                    "Title of " + rule,
                    "What " + rule + " wants",
                    "high",
                    List.of(new Control("pci-dss", "4.0.1", "3.7.4"), new Control("nist-800-57", "pt1r5", "5.3")),
                    "Do it",
                    JsonNodeFactory.instance.objectNode());
        }

        private static RuleResult by(String exception, RuleResult result) {
            if (!exception.isEmpty()) {
                ((ObjectNode) result.evidence())
                        .putObject("exception")
                        .put("name", exception)
                        .put("until", 1_795_478_400);
            }
            return result;
        }

        @Override
        public List<RuleResult> evaluate(JsonNode input) throws PolicyException {
            if (input.at("/key/broken").asBoolean()) {
                throw new PolicyException("cannot");
            }
            TOLD.add(input.path("history"));
            boolean owned = !input.at("/key/owner").asText().isEmpty();
            boolean young = input.at("/time/epoch").asLong() - TIME / 1000 < 30;
            return List.of(
                    by(input.at("/key/leave").asText(), result("a/owner", owned ? Status.PASS : Status.FAIL)),
                    result("b/young", young ? Status.PASS : Status.FAIL));
        }

        @Override
        public String policyDigest() {
            return digest;
        }

        @Override
        public String dataDigest() {
            return "sha256:d";
        }

        @Override
        public void close() {}
    }

    private static KeyOutcome outcome(String operation, long at) {
        KeyOutcome outcome = new KeyOutcome();
        outcome.key = "key-1";
        outcome.operation = operation;
        outcome.event = "event-" + at;
        outcome.time = TIME + at;
        outcome.count = 1;
        outcome.version = 1;
        return outcome;
    }

    private static KeyOutcome state(long at, String json) {
        KeyOutcome outcome = outcome("UpdateKey", at);
        outcome.state = json.getBytes(StandardCharsets.UTF_8);
        return outcome;
    }

    private static KeyOutcome use(String operation, long at, int count) {
        KeyOutcome outcome = outcome(operation, at);
        outcome.use = true;
        outcome.count = count;
        return outcome;
    }

    private static KeyOutcome failure(String operation, long at) {
        KeyOutcome outcome = outcome(operation, at);
        outcome.code = "provider-unavailable";
        return outcome;
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, KeyOutcome, Emission> review() throws Exception {
        TestingRules.TOLD.clear();
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ComplianceReview(() -> new TestingRules("sha256:p"), REVIEW)),
                outcome -> outcome.key,
                Types.STRING);
        harness.open();
        harness.setProcessingTime(TIME);
        return harness;
    }

    private static List<JsonNode> findings(List<Emission> emissions) throws Exception {
        List<JsonNode> findings = new ArrayList<>();
        for (Emission emission : emissions) {
            assertThat(OcsfSchema.violations(emission.value)).isEmpty();
            findings.add(JsonMapper.builder().build().readTree(emission.value));
        }
        return findings;
    }

    private static List<String> story(List<JsonNode> findings) {
        return findings.stream()
                .map(finding -> finding.at("/compliance/control").asText() + " "
                        + finding.at("/compliance/status_code").asText() + " "
                        + finding.path("activity_id").asInt() + " v"
                        + finding.at("/unmapped/keyproof/detail/version").asLong())
                .toList();
    }

    @Test
    void onlyChangedVerdictsAreTold() throws Exception {
        try (var harness = review()) {
            // When
            harness.processElement(state(0, "{\"owner\":\"\"}"), 0);
            harness.processElement(state(1, "{\"owner\":\"\",\"version\":2}"), 1);
            harness.processElement(state(2, "{\"owner\":\"team\"}"), 2);

            // Then
            List<JsonNode> findings = findings(harness.extractOutputValues());
            assertThat(story(findings)).containsExactly("a/owner FAIL 1 v0", "b/young PASS 1 v0", "a/owner PASS 3 v1");
            assertThat(findings.get(0).at("/finding_info/uid"))
                    .isEqualTo(findings.get(2).at("/finding_info/uid"));
            assertThat(findings.get(0).at("/metadata/uid"))
                    .isNotEqualTo(findings.get(2).at("/metadata/uid"));
            assertThat(findings.get(0).at("/compliance/requirements"))
                    .extracting(JsonNode::asText)
                    .containsExactly("nist-800-57:5.3", "pci-dss:3.7.4");
        }
    }

    @Test
    void timeAloneBreaksARule() throws Exception {
        try (var harness = review()) {
            // Given
            harness.processElement(state(0, "{\"owner\":\"team\"}"), 0);

            // When
            harness.setProcessingTime(TIME + REVIEW);
            harness.setProcessingTime(TIME + 2 * REVIEW);

            // Then
            assertThat(story(findings(harness.extractOutputValues())))
                    .containsExactly("a/owner PASS 1 v0", "b/young PASS 1 v0", "b/young FAIL 2 v1");
        }
    }

    /** It fails before, meanwhile and afterwards, and each is told. */
    @Test
    void thatAKeyFailsByLeaveIsToldAtOnceAndThatItDoesNoLongerToo() throws Exception {
        try (var harness = review()) {
            harness.processElement(state(0, "{\"owner\":\"\"}"), 0);
            harness.processElement(state(1, "{\"owner\":\"\",\"leave\":\"migration\"}"), 0);
            harness.processElement(state(2, "{\"owner\":\"\",\"leave\":\"migration\"}"), 0);
            harness.processElement(state(3, "{\"owner\":\"\"}"), 0);

            List<JsonNode> owner = findings(harness.extractOutputValues()).stream()
                    .filter(finding ->
                            finding.at("/compliance/control").asText().equals("a/owner"))
                    .toList();
            assertThat(owner)
                    .extracting(finding -> finding.path("message").asText())
                    .containsExactly(
                            "Title of a/owner: FAIL",
                            "Title of a/owner: FAIL, by exception migration until 2026-11-24T00:00:00Z",
                            "Title of a/owner: FAIL");
        }
    }

    @Test
    void whatGoesOnFailingIsToldAgainEachDayUnderTheSameUid() throws Exception {
        long day = 86_400_000;
        try (var harness = review()) {
            // Given
            harness.processElement(state(0, "{\"owner\":\"\"}"), 0);

            // When
            harness.setProcessingTime(TIME + day - REVIEW);
            int before = harness.extractOutputValues().size();
            harness.setProcessingTime(TIME + 3 * day - REVIEW);
            harness.processElement(state(3 * day, "{\"owner\":\"team\"}"), 0);
            harness.setProcessingTime(TIME + 9 * day);

            // Then
            List<JsonNode> owner = findings(harness.extractOutputValues()).stream()
                    .filter(finding ->
                            finding.at("/compliance/control").asText().equals("a/owner"))
                    .toList();
            assertThat(before).isEqualTo(3);
            assertThat(story(owner))
                    .containsExactly(
                            "a/owner FAIL 1 v0", "a/owner FAIL 2 v1", "a/owner FAIL 2 v2", "a/owner PASS 3 v3");
            assertThat(owner)
                    .extracting(finding -> finding.at("/finding_info/uid"))
                    .containsOnly(owner.get(0).at("/finding_info/uid"));
            assertThat(owner).extracting(finding -> finding.at("/metadata/uid")).doesNotHaveDuplicates();
            assertThat(owner)
                    .extracting(finding ->
                            finding.at("/unmapped/keyproof/detail/persists").toString())
                    .containsExactly(
                            "", "{\"since\":" + TIME + ",\"days\":1}", "{\"since\":" + TIME + ",\"days\":2}", "");
            assertThat(owner.get(2).at("/finding_info/first_seen_time").asLong())
                    .isEqualTo(TIME);
        }
    }

    @Test
    void anotherPolicyJudgesEveryKeyAnew() throws Exception {
        OperatorSubtaskState kept;
        int keys = 50;
        try (var harness = review()) {
            for (int i = 0; i < keys; i++) {
                KeyOutcome made = state(i, "{\"owner\":\"team\"}");
                made.key = "key-" + i;
                harness.processElement(made, 0);
            }
            kept = harness.snapshot(1, 1);
        }

        try (var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ComplianceReview(() -> new TestingRules("sha256:q"), REVIEW)),
                (KeyOutcome outcome) -> outcome.key,
                Types.STRING)) {
            harness.initializeState(kept);
            harness.open();
            harness.setProcessingTime(TIME + REVIEW);

            List<JsonNode> findings = findings(harness.extractOutputValues());
            assertThat(findings.stream()
                            .filter(finding ->
                                    finding.at("/compliance/control").asText().equals("a/owner"))
                            .map(finding -> finding.at("/resources/0/uid").asText())
                            .distinct())
                    .hasSize(keys);
            assertThat(findings)
                    .extracting(finding ->
                            finding.at("/unmapped/keyproof/detail/policy").asText())
                    .containsOnly("sha256:q");
            int told = harness.extractOutputValues().size();
            harness.setProcessingTime(TIME + 2 * REVIEW);
            assertThat(harness.extractOutputValues()).hasSize(told);
        }
    }

    @Test
    void anOlderStateThatComesLateIsLeftAside() throws Exception {
        try (var harness = review()) {
            // When
            harness.processElement(state(5, "{\"owner\":\"team\"}"), 0);
            harness.processElement(state(1, "{\"owner\":\"\"}"), 0);

            // Then
            assertThat(findings(harness.extractOutputValues())).hasSize(2);
        }
    }

    @Test
    void rulesThatFailAreAFindingAndNoCrash() throws Exception {
        try (var harness = review()) {
            // When
            harness.processElement(state(0, "{\"broken\":true}"), 0);

            // Then
            assertThat(findings(harness.extractOutputValues()))
                    .extracting(
                            finding -> finding.at("/finding_info/analytic/uid").asText())
                    .containsExactly("rules-not-evaluated");
        }
    }

    @Test
    void usesAreCountedAndNotReviewed() throws Exception {
        try (var harness = review()) {
            // Given
            harness.processElement(use("Encrypt", 0, 1), 0);
            harness.processElement(state(10, "{\"owner\":\"team\",\"state\":\"active\",\"version\":1}"), 0);

            // When
            harness.processElement(use("Encrypt", 2_010, 64), 0);
            harness.processElement(use("Encrypt", 1_010, 1), 0);
            harness.processElement(use("Decrypt", 1_010, 1), 0);

            // Then
            assertThat(TestingRules.TOLD).hasSize(1);
            harness.setProcessingTime(TIME + REVIEW);
            assertThat(TestingRules.TOLD).hasSize(2);
            assertThat(TestingRules.TOLD.get(1).path("uses"))
                    .extracting(use -> use.path("operation").asText() + " "
                            + use.path("state").asText() + " "
                            + use.path("count").asInt() + " "
                            + use.path("after").asInt())
                    .containsExactly("Decrypt active 1 1", "Encrypt  1 0", "Encrypt active 65 2");
            assertThat(TestingRules.TOLD.get(1).at("/current/uses/Encrypt").asInt())
                    .isEqualTo(66);
        }
    }

    @Test
    void aChangeThatFailedIsReviewedOnceTheKeyIsKnown() throws Exception {
        try (var harness = review()) {
            // When
            harness.processElement(failure("RotateKey", 0), 0);
            harness.processElement(state(1_000, "{\"owner\":\"team\"}"), 0);
            harness.processElement(failure("RotateKey", 2_000), 0);

            // Then
            assertThat(TestingRules.TOLD)
                    .extracting(
                            told -> told.at("/changes/RotateKey/failed/time").asLong())
                    .containsExactly(TIME / 1000, TIME / 1000 + 2);
            JsonNode finding = findings(harness.extractOutputValues()).get(0);
            assertThat(finding.at("/unmapped/keyproof/detail/history").asText()).matches("sha256:[0-9a-f]{64}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                KeyOutcome.class,
                KeyState.class,
                KeyUses.class,
                OpenIntent.class,
                Standing.class,
                Told.class,
                Verdict.class
            })
    void flinkKnowsTheFieldsOfWhatItKeeps(Class<?> kept) {
        assertThat(TypeInformation.of(kept)).isInstanceOfSatisfying(PojoTypeInfo.class, type -> {
            for (int i = 0; i < type.getArity(); i++) {
                assertThat(type.getTypeAt(i)).isNotInstanceOf(GenericTypeInfo.class);
            }
        });
    }

    @Test
    void thePastOutlivesARestart() throws Exception {
        OperatorSubtaskState kept;
        try (var harness = review()) {
            harness.processElement(state(0, "{\"owner\":\"team\",\"state\":\"active\",\"version\":1}"), 0);
            harness.processElement(use("Encrypt", 5_000, 3), 0);
            kept = harness.snapshot(1, 1);
        }

        try (var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ComplianceReview(() -> new TestingRules("sha256:p"), REVIEW)),
                (KeyOutcome outcome) -> outcome.key,
                Types.STRING)) {
            harness.initializeState(kept);
            harness.open();
            harness.processElement(state(9_000, "{\"owner\":\"team\",\"state\":\"suspended\",\"version\":1}"), 0);

            JsonNode told = TestingRules.TOLD.get(1);
            assertThat(told.at("/states/active/since").asLong()).isEqualTo(TIME / 1000);
            assertThat(told.at("/states/suspended/since").asLong()).isEqualTo(TIME / 1000 + 9);
            assertThat(told.at("/uses/0/count").asLong()).isEqualTo(3);
        }
    }
}
