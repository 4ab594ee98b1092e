package dev.keyproof.stream.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.stream.emit.Emission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
final class DetectorsTest {
    private static final long TIME = 1_795_000_000_000L;
    private static final Limits LIMITS = new Limits(
            new Limits.Burst(10, Map.of("Decrypt", 20)), new Limits.Denials(60, 3), new Limits.AfterDisable(300));

    private static KeyUse use(String operation, long at) {
        KeyUse use = new KeyUse();
        use.uid = operation + "-" + at;
        use.operation = operation;
        use.time = TIME + at;
        use.key = "key-1";
        use.actor = "app-1";
        use.count = 1;
        use.success = true;
        use.use = operation.equals("Decrypt") || operation.equals("Sign");
        return use;
    }

    private static KeyUse refused(String operation, long at) {
        KeyUse use = use(operation, at);
        use.success = false;
        use.denied = true;
        return use;
    }

    private static List<KeyUse> many(String operation, long from, int count, long step) {
        List<KeyUse> uses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            uses.add(use(operation, from + i * step));
        }
        return uses;
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, KeyUse, Emission> harness(
            KeyedProcessFunction<String, KeyUse, Emission> detector, KeySelector<KeyUse, String> by) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(new KeyedProcessOperator<>(detector), by, Types.STRING);
    }

    private static List<JsonNode> run(
            KeyedProcessFunction<String, KeyUse, Emission> detector, KeySelector<KeyUse, String> by, List<KeyUse> uses)
            throws Exception {
        try (var harness = harness(detector, by)) {
            harness.open();
            for (KeyUse use : uses) {
                harness.processElement(use, use.time);
            }
            return findings(harness.extractOutputValues());
        }
    }

    private static List<JsonNode> findings(List<Emission> emissions) throws Exception {
        List<JsonNode> findings = new ArrayList<>();
        for (Emission emission : emissions) {
            assertThat(OcsfSchema.violations(emission.value)).isEmpty();
            findings.add(JsonMapper.builder().build().readTree(emission.value));
        }
        return findings;
    }

    @Test
    void oneBurstIsOneAlert() throws Exception {
        // Given
        List<KeyUse> burst = many("Decrypt", 0, 500, 50);

        // When
        List<JsonNode> findings = run(new KeyDetector(LIMITS), use -> use.key, burst);

        // Then
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).path("count").asInt()).isEqualTo(21);
        assertThat(findings.get(0).path("is_alert").asBoolean()).isTrue();
        assertThat(findings.get(0).at("/attacks/0/version").asText()).isEqualTo("19");
        assertThat(findings.get(0).at("/unmapped/keyproof/detail/actors/0").asText())
                .isEqualTo("app-1");
    }

    @Test
    void theNextBurstIsAnotherAlert() throws Exception {
        // Given
        List<KeyUse> two = new ArrayList<>(many("Decrypt", 0, 30, 10));
        two.addAll(many("Decrypt", 60_000, 30, 10));

        // When
        List<JsonNode> findings = run(new KeyDetector(LIMITS), use -> use.key, two);

        // Then
        assertThat(findings)
                .extracting(finding -> finding.at("/metadata/uid").asText())
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void atTheLimitThereIsNone() throws Exception {
        // Given
        List<KeyUse> spread = new ArrayList<>(many("Decrypt", 0, 20, 10));
        spread.addAll(many("Sign", 0, 200, 10));
        spread.addAll(many("Decrypt", 10_000, 20, 10));

        // When
        List<JsonNode> findings = run(new KeyDetector(LIMITS), use -> use.key, spread);

        // Then
        assertThat(findings).isEmpty();
    }

    @Test
    void theSameStreamAfterARestoreGivesTheSameUidOnce() throws Exception {
        // Given
        List<KeyUse> burst = many("Decrypt", 0, 40, 10);
        OperatorSubtaskState state;
        try (var before = harness(new KeyDetector(LIMITS), use -> use.key)) {
            before.open();
            for (KeyUse use : burst.subList(0, 10)) {
                before.processElement(use, use.time);
            }
            state = before.snapshot(1, 1);
        }

        // When
        List<JsonNode> first = resume(state, burst.subList(10, 40));
        List<JsonNode> again = resume(state, burst.subList(10, 40));

        // Then
        assertThat(first).hasSize(1).isEqualTo(again);
    }

    private static List<JsonNode> resume(OperatorSubtaskState state, List<KeyUse> uses) throws Exception {
        try (var harness = harness(new KeyDetector(LIMITS), use -> use.key)) {
            harness.setup();
            harness.initializeState(state);
            harness.open();
            for (KeyUse use : uses) {
                harness.processElement(use, use.time);
            }
            return findings(harness.extractOutputValues());
        }
    }

    @Test
    void aUseAfterDisableIsToldOnce() throws Exception {
        // Given
        List<KeyUse> uses = List.of(
                use("Decrypt", 0),
                use("DisableKey", 10),
                use("Decrypt", 5),
                refused("Decrypt", 20),
                refused("Decrypt", 30));

        // When
        List<JsonNode> findings = run(new KeyDetector(LIMITS), use -> use.key, uses);

        // Then
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).at("/unmapped/keyproof/detail/event").asText())
                .isEqualTo("Decrypt-20");
        assertThat(findings.get(0).path("severity_id").asInt()).isEqualTo(3);
    }

    @Test
    void enabledAgainOrLongAgoIsNoUseAfterDisable() throws Exception {
        // Given
        List<KeyUse> uses = List.of(
                use("DisableKey", 10),
                use("EnableKey", 20),
                use("Decrypt", 30),
                use("DisableKey", 40),
                refused("Decrypt", 400_000));

        // When
        List<JsonNode> findings = run(new KeyDetector(LIMITS), use -> use.key, uses);

        // Then
        assertThat(findings).isEmpty();
    }

    @Test
    void oneCallerRefusedAgainAndAgainIsOneAlert() throws Exception {
        // Given
        List<KeyUse> uses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            KeyUse use = refused("Sign", i * 1000L);
            use.key = "key-" + i;
            uses.add(use);
        }

        // When
        List<JsonNode> findings = run(new DenialDetector(LIMITS.denials()), use -> use.actor, uses);

        // Then
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).at("/unmapped/keyproof/detail/keys")).hasSize(4);
    }
}
