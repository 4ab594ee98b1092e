package dev.keyproof.stream.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.Overlay;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.history.AccountAct;
import dev.keyproof.policy.history.Happening;
import dev.keyproof.stream.TestingEvents;
import dev.keyproof.stream.TestingEvents.Call;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.read.KeyEvent;
import dev.keyproof.stream.read.KeyEventParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events of callers and brokers, read, folded and judged by the rules that are shipped. */
@SuppressWarnings("try") // Flink's harness declares Exception on close
final class SubjectReviewTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long TIME = 1_795_000_000_000L;
    private static final long REVIEW = 3_600_000;
    private static final long DAY = 86_400_000;

    private final KeyEventParser parser = new KeyEventParser();
    private KeyedOneInputStreamOperatorTestHarness<String, Told, Emission> harness;
    private int seen;

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, Emission> review() throws Exception {
        return review(PolicyBundle.builtIn(), REVIEW);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Told, Emission> review(
            PolicyBundle policy, long period) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new SubjectReview(BundleRules.of(policy.bytes()), period)),
                Told::place,
                Types.STRING);
    }

    @BeforeEach
    void open() throws Exception {
        harness = review();
        harness.open();
        harness.setProcessingTime(TIME);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    /** One event on its way through the job, up to the review. */
    private void event(byte[] bytes) throws Exception {
        KeyEvent event = parser.parse(bytes);
        try (var acts = new OneInputStreamOperatorTestHarness<KeyEvent, Told>(new AccountBundler())) {
            acts.open();
            acts.processElement(event, event.time);
            acts.processWatermark(new Watermark(event.time));
            List<Told> outputs = acts.extractOutputValues();
            // Who reads a sealed log remembers the same.
            assertThat(outputs.stream().map(SubjectReviewTest::act))
                    .containsExactlyElementsOf(
                            AccountAct.of(JSON.readTree(bytes)).stream().toList());
            for (Told told : outputs) {
                harness.processElement(told, event.time);
            }
        }
        List<Told> told = new ArrayList<>();
        new SubjectReview.OfBrokers().flatMap(event, new ListCollector<>(told));
        assertThat(told.isEmpty())
                .isNotEqualTo(Happening.of(JSON.readTree(bytes))
                        .filter(Happening::isOfBroker)
                        .isPresent());
        for (Told one : told) {
            harness.processElement(one, event.time);
        }
    }

    private static AccountAct act(Told told) {
        return new AccountAct(
                told.id, told.operation, AccountAct.Ending.valueOf(told.ending), told.roles, told.count, told.time);
    }

    private void call(String actor, String role, Call call) throws Exception {
        ObjectNode event = (ObjectNode) JSON.readTree(TestingEvents.outcome("u" + call.time(), call.by(actor)));
        ((ObjectNode) event.at("/actor/user/groups/0")).put("name", role);
        event(JSON.writeValueAsBytes(event));
    }

    private void tells(String kind, String operation, long at, String extension) throws Exception {
        ObjectNode event = (ObjectNode)
                JSON.readTree(TestingEvents.outcome("s" + at, Call.of(KeyOperation.GET_KEY, "x", TIME + at)));
        event.withObject("/api").put("operation", operation);
        ObjectNode keyproof =
                event.withObject("/unmapped").putObject("keyproof").put("kind", kind);
        keyproof.setAll((ObjectNode) JSON.readTree(extension.replace('\'', '"')));
        event(JSON.writeValueAsBytes(event));
    }

    /** What is said at that time that was not said before, but for what applies to nobody here. */
    private Map<String, String> said(long at) throws Exception {
        harness.setProcessingTime(TIME + at);
        Map<String, String> said = new TreeMap<>();
        List<Emission> emissions = harness.extractOutputValues();
        for (Emission emission : emissions.subList(seen, emissions.size())) {
            assertThat(OcsfSchema.violations(emission.value)).isEmpty();
            JsonNode finding = JSON.readTree(emission.value);
            JsonNode faults = finding.at("/unmapped/keyproof/detail/evidence/faults");
            String status = finding.at("/compliance/status_code").asText();
            said.put(
                    finding.at("/resources/0/type").asText() + " "
                            + finding.at("/resources/0/uid").asText() + " "
                            + finding.at("/compliance/control").asText(),
                    finding.path("activity_id").asInt() + " " + status + (faults.isEmpty() ? "" : " " + faults));
        }
        said.values().removeIf(verdict -> verdict.endsWith("NOT-APPLICABLE"));
        seen = emissions.size();
        return said;
    }

    @Test
    void anAccountIsJudgedByAllThatItDid() throws Exception {
        call("anna", "administrator", Call.of(KeyOperation.CREATE_KEY, "k", TIME));
        call("app", "application", Call.of(KeyOperation.ENCRYPT, "k", TIME + 1));
        assertThat(said(2_000))
                .containsOnly(
                        Map.entry("account anna separation/administrator_uses_keys", "1 PASS"),
                        Map.entry("account anna separation/conflicting_roles", "1 PASS"),
                        Map.entry("account anna separation/dormant_account", "1 PASS"),
                        Map.entry("account app separation/conflicting_roles", "1 PASS"));

        call("anna", "application", Call.of(KeyOperation.ENCRYPT, "k", TIME + 3_000));
        assertThat(said(5_000))
                .containsOnly(
                        Map.entry("account anna separation/administrator_uses_keys", "2 FAIL [\"Encrypt\"]"),
                        Map.entry(
                                "account anna separation/conflicting_roles",
                                "2 FAIL [\"application-and-administrator\"]"));
        // Then it keeps to its duty.
        call("anna", "administrator", Call.of(KeyOperation.ROTATE_KEY, "k", TIME + 60 * DAY));
        assertThat(said(91 * DAY))
                .containsEntry("account anna separation/administrator_uses_keys", "3 PASS")
                .containsEntry("account anna separation/conflicting_roles", "3 PASS");
    }

    @Test
    void refusalsAreCountedWhereTheyAreReadAndJudgedTogether() throws Exception {
        try (var acts = new OneInputStreamOperatorTestHarness<KeyEvent, Told>(new AccountBundler())) {
            acts.open();
            for (int i = 0; i < 60; i++) {
                KeyEvent event = parser.parse(TestingEvents.outcome(
                        "r" + i, Call.of(KeyOperation.DECRYPT, "k", TIME + i).refused()));
                acts.processElement(event, event.time);
            }
            assertThat(acts.extractOutputValues()).isEmpty();
            acts.prepareSnapshotPreBarrier(1);
            assertThat(acts.extractOutputValues()).singleElement().satisfies(told -> {
                assertThat(told.count).isEqualTo(60);
                assertThat(told.event).isEqualTo("r59");
            });
            harness.processElement(acts.extractOutputValues().get(0), TIME);
        }

        assertThat(said(2_000)).containsEntry("account app-1 separation/repeated_refusals", "1 FAIL [\"too-many\"]");
        assertThat(said(32 * DAY)).containsEntry("account app-1 separation/repeated_refusals", "3 PASS");
    }

    /** By the policy that also names who left, and when. */
    private void reviewEachMonth(String ended) throws Exception {
        harness.close();
        Overlay overlay =
                Overlay.of("ended.json", ("{\"endedAccounts\":" + ended + "}").getBytes(StandardCharsets.UTF_8));
        harness = review(
                EffectivePolicy.of(PolicyBundle.builtIn(), List.of(overlay)).bundle(), 30 * DAY);
        harness.open();
        harness.setProcessingTime(TIME);
    }

    @Test
    void ofAnAccountThatIsLongSilentNothingIsKept() throws Exception {
        reviewEachMonth("[]");
        call("app", "application", Call.of(KeyOperation.ENCRYPT, "k", TIME));
        said(1_000 * DAY);
        assertThat(harness.numKeyedStateEntries()).isPositive();

        said(1_200 * DAY);

        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
        // Who comes back is judged as one who is new, and that is no finding told before.
        String before = uid(0);
        call("app", "application", Call.of(KeyOperation.ENCRYPT, "k", TIME + 1_200 * DAY));
        int told = harness.extractOutputValues().size();
        assertThat(said(1_201 * DAY)).containsEntry("account app separation/conflicting_roles", "1 PASS");
        assertThat(uid(told)).isNotEqualTo(before);
    }

    private String uid(int emission) throws Exception {
        return JSON.readTree(harness.extractOutputValues().get(emission).value)
                .at("/metadata/uid")
                .asText();
    }

    @Test
    void ofOneThatManagesKeysNothingIsForgottenUntilPolicySaysThatItLeft() throws Exception {
        reviewEachMonth("[]");
        call("anna", "administrator", Call.of(KeyOperation.CREATE_KEY, "k", TIME));
        assertThat(said(1_200 * DAY)).containsEntry("account anna separation/dormant_account", "2 FAIL [\"dormant\"]");
        assertThat(harness.numKeyedStateEntries()).isPositive();

        // TIME is in November 2026.
        reviewEachMonth("[{\"id\":\"anna\",\"since\":\"2027-01-01T00:00:00Z\"}]");
        call("anna", "administrator", Call.of(KeyOperation.CREATE_KEY, "k", TIME));
        seen = 0;
        assertThat(said(1_200 * DAY)).doesNotContainKey("account anna separation/dormant_account");
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void usesThatAreCountedJudgeNothing() throws Exception {
        call("app", "application", Call.of(KeyOperation.ENCRYPT, "k", TIME));
        said(2_000);
        int timers = harness.numProcessingTimeTimers();

        call("app", "application", Call.of(KeyOperation.ENCRYPT, "k", TIME + 2_500));

        assertThat(said(10_000)).isEmpty();
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(timers).isEqualTo(1);
    }

    @Test
    void anInstallationAndItsTokensAreJudgedByWhatBrokersTell() throws Exception {
        tells("service", "StartBroker", 0, "{'detail':{'policy':'p','data':'d'}}");
        tells("service", "AdoptDeviceObjects", 1, "{'detail':{'token':'t','objects':0}}");
        assertThat(said(2_000))
                .containsEntry("installation installation device/approvers_founded", "1 PASS")
                .containsEntry("installation installation logging/intent_completed", "1 PASS")
                .containsEntry("installation installation quorum/approvers_enough", "1 NOT-EVALUATED")
                .containsEntry("token t device/not_tampered", "1 PASS");

        tells("service", "ApproverTampered", 3_000, "{'detail':{}}");
        tells(
                "service",
                "DeviceTampered",
                3_001,
                "{'detail':{'token':'t','kind':'aes','label':'mine','difference':'nobody ordered it'}}");
        assertThat(said(5_000))
                .containsOnly(
                        Map.entry("installation installation device/approvers_founded", "2 FAIL [\"tampered\"]"),
                        Map.entry("token t device/not_tampered", "2 FAIL [\"mine: nobody ordered it\"]"));
    }

    @Test
    void anIntentThatStaysOpenIsAFindingUntilItsOutcome() throws Exception {
        tells("service", "StartBroker", 0, "{'detail':{'policy':'p','data':'d'}}");
        tells("intent", "RotateKey", 1_000, "{}");
        said(2_000);

        OperatorSubtaskState kept = harness.snapshot(1, 1);
        harness.close();
        harness = review();
        harness.initializeState(kept);
        harness.open();
        seen = 0;

        assertThat(said(2 * REVIEW))
                .containsOnly(Map.entry(
                        "installation installation logging/intent_completed", "2 FAIL [\"RotateKey s1000\"]"));
        tells("operation", "RotateKey", 2 * REVIEW, "{'intent':'s1000'}");
        assertThat(said(4 * REVIEW)).containsEntry("installation installation logging/intent_completed", "3 PASS");
    }
}
