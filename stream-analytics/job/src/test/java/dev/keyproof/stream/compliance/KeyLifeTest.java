package dev.keyproof.stream.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.stream.TestingEvents;
import dev.keyproof.stream.TestingEvents.Call;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.read.KeyEvent;
import dev.keyproof.stream.read.KeyEventParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events as the broker writes them, read and folded, before the rules that are shipped. */
@SuppressWarnings("try") // Flink's harness declares Exception on close
final class KeyLifeTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long TIME = 1_795_000_000_000L;
    private static final long DAY = 86_400_000;
    private static final long REVIEW = DAY;

    private final KeyEventParser parser = new KeyEventParser();
    private final List<String> seen = new ArrayList<>();
    private KeyedOneInputStreamOperatorTestHarness<String, KeyOutcome, Emission> harness;
    private String state = "";

    @BeforeEach
    void open() throws Exception {
        byte[] bundle = PolicyBundle.builtIn().bytes();
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ComplianceReview(BundleRules.of(bundle), REVIEW)),
                outcome -> outcome.key,
                Types.STRING);
        harness.open();
        harness.setProcessingTime(TIME);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    /** A change that leaves the key in that state, on an intent; and what the rules then say that they did not say before. */
    private Map<String, String> change(KeyOperation operation, long at, String after, String detail) throws Exception {
        ObjectNode told = TestingEvents.state("key-1", TIME).put("state", after).put("usageLimit", 4_294_967_296L);
        return event(Call.of(operation, "key-1", TIME + at).leaving(told), after, detail);
    }

    private Map<String, String> event(Call call, String after, String detail) throws Exception {
        ObjectNode event =
                (ObjectNode) JSON.readTree(TestingEvents.outcome("event-" + seen.size() + call.time(), call));
        ObjectNode extension = event.withObject("/unmapped/keyproof");
        extension.put("intent", "intent-" + call.time());
        extension.set("detail", JSON.readTree(detail));
        if (!state.isEmpty()) {
            extension.withObject("/decision/input/key").put("state", state);
        }
        state = after;
        KeyEvent read = parser.parse(JSON.writeValueAsBytes(event));
        assertThat(KeyOutcome.isTold(read)).isTrue();
        harness.processElement(KeyOutcome.of(read), 0);
        return verdicts();
    }

    private void use(KeyOperation operation, long at) throws Exception {
        use(operation, at, "active");
    }

    private void use(KeyOperation operation, long at, String decidedOn) throws Exception {
        ObjectNode event =
                (ObjectNode) JSON.readTree(TestingEvents.outcome("use-" + at, Call.of(operation, "key-1", TIME + at)));
        event.withObject("/unmapped/keyproof/decision/input/key").put("state", decidedOn);
        KeyEvent read = parser.parse(JSON.writeValueAsBytes(event));
        assertThat(KeyOutcome.isTold(read)).isTrue();
        harness.processElement(KeyOutcome.of(read), 0);
    }

    private Map<String, String> reviewed(long at) throws Exception {
        harness.setProcessingTime(TIME + at);
        return verdicts();
    }

    private Map<String, String> verdicts() throws Exception {
        Map<String, String> verdicts = new LinkedHashMap<>();
        List<Emission> emissions = harness.extractOutputValues();
        for (Emission emission : emissions.subList(seen.size(), emissions.size())) {
            JsonNode finding = JSON.readTree(emission.value);
            String verdict = finding.at("/compliance/status_code").asText();
            JsonNode faults = finding.at("/unmapped/keyproof/detail/evidence/faults");
            verdicts.put(
                    finding.at("/compliance/control").asText(), faults.isEmpty() ? verdict : verdict + " " + faults);
            seen.add(finding.at("/metadata/uid").asText());
        }
        return verdicts;
    }

    @Test
    void nothingIsWrongWithAKeyThatWasBornProperly() throws Exception {
        assertThat(change(KeyOperation.CREATE_KEY, 0, "active", "{}").values())
                .hasSize(35)
                .containsOnly("PASS", "NOT-APPLICABLE");
    }

    @Test
    void aKeyWhoseBirthWasNotSeenIsNotPassed() throws Exception {
        assertThat(change(KeyOperation.UPDATE_KEY, 0, "active", "{}"))
                .containsEntry("strength/born_by_recorded_step", "NOT-EVALUATED");
    }

    @Test
    void aFailedRotationIsAFindingUntilOneSucceeds() throws Exception {
        change(KeyOperation.CREATE_KEY, 0, "active", "{}");
        Call failed = new Call(KeyOperation.ROTATE_KEY, "key-1", "app-1", TIME + 60_000, false, false, 250, null);

        assertThat(event(failed, "active", "{}"))
                .containsExactly(Map.entry("rotation/last_attempt_failed", "FAIL [\"failed\"]"));
        assertThat(change(KeyOperation.ROTATE_KEY, 120_000, "active", "{\"version\":2}"))
                .containsExactly(Map.entry("rotation/last_attempt_failed", "PASS"));
    }

    @Test
    void aRefusedRotationIsNone() throws Exception {
        KeyEvent read = parser.parse(TestingEvents.outcome(
                "u", Call.of(KeyOperation.ROTATE_KEY, "key-1", TIME).refused()));

        assertThat(KeyOutcome.isTold(read)).isFalse();
    }

    @Test
    void whatProtectsAfterItsEndIsAFinding() throws Exception {
        change(KeyOperation.CREATE_KEY, 0, "active", "{}");
        use(KeyOperation.ENCRYPT, 1_000);
        assertThat(change(KeyOperation.DEACTIVATE_KEY, 10_000, "deactivated", "{}"))
                .doesNotContainKey("lifecycle/no_protection_after_end");

        use(KeyOperation.DECRYPT, 60_000);
        use(KeyOperation.ENCRYPT, 12_000);
        assertThat(reviewed(REVIEW)).isEmpty();

        use(KeyOperation.ENCRYPT, 17_000);
        assertThat(reviewed(2 * REVIEW))
                .containsExactly(
                        Map.entry("lifecycle/no_protection_after_end", "FAIL [\"Encrypt-while-deactivated\"]"));
    }

    /** The outcome of what made it active again may come to the record after that of the first use. */
    @Test
    void whatMayHaveBeenResumedAMomentAgoIsNone() throws Exception {
        change(KeyOperation.CREATE_KEY, 0, "active", "{}");
        change(KeyOperation.DISABLE_KEY, 10_000, "suspended", "{}");

        use(KeyOperation.ENCRYPT, 60_000);
        assertThat(change(KeyOperation.ENABLE_KEY, 59_999, "active", "{}"))
                .doesNotContainKey("lifecycle/no_protection_after_end");

        change(KeyOperation.DISABLE_KEY, 70_000, "suspended", "{}");
        use(KeyOperation.ENCRYPT, 80_000, "suspended");
        assertThat(reviewed(REVIEW))
                .containsEntry("lifecycle/no_protection_after_end", "FAIL [\"Encrypt-while-suspended\"]");
    }

    @Test
    void aStateThatMayNotFollowIsAFinding() throws Exception {
        change(KeyOperation.CREATE_KEY, 0, "active", "{}");
        change(KeyOperation.MARK_COMPROMISED, 10_000, "compromised", "{\"reason\":\"a copy was found\"}");

        assertThat(change(KeyOperation.ENABLE_KEY, 20_000, "active", "{}"))
                .containsEntry("lifecycle/legal_transitions", "FAIL [\"compromised-to-active\"]");
    }

    @Test
    void aDestructionIsJudgedByItsProofAndItsWait() throws Exception {
        change(KeyOperation.CREATE_KEY, 0, "active", "{}");
        change(KeyOperation.SCHEDULE_DESTRUCTION, 10_000, "suspended", "{\"days\":7}");

        assertThat(change(
                        KeyOperation.DESTROY_KEY,
                        10_000 + 6 * DAY,
                        "destroyed",
                        "{\"order\":\"o\",\"proof\":{\"versions\":1,\"inDevice\":false,\"wrappedKept\":true}}"))
                .containsEntry("lifecycle/destroyed_everywhere", "FAIL [\"wrapped-kept\"]")
                .containsEntry("lifecycle/destruction_waited", "FAIL [\"before-its-day\"]")
                .containsEntry("lifecycle/no_use_after_destruction", "PASS");
        use(KeyOperation.DECRYPT, 30_000 + 6 * DAY);
        assertThat(reviewed(7 * DAY))
                .containsEntry("lifecycle/no_use_after_destruction", "FAIL [\"Decrypt-after-destroyed\"]");
    }

    @Test
    void timeAloneMakesAKeyDormantAndASuspendedOneForgotten() throws Exception {
        change(KeyOperation.CREATE_KEY, 0, "active", "{}");
        assertThat(reviewed(181 * DAY)).containsEntry("lifecycle/dormant", "FAIL [\"dormant\"]");

        change(KeyOperation.DISABLE_KEY, 182 * DAY, "suspended", "{}");
        assertThat(reviewed(273 * DAY)).containsEntry("lifecycle/suspended_too_long", "FAIL [\"forgotten\"]");
    }
}
