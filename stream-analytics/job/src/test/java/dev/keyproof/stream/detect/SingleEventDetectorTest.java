package dev.keyproof.stream.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.read.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
final class SingleEventDetectorTest {
    private static KeyEvent event(byte kind, String operation, String service) {
        KeyEvent event = new KeyEvent();
        event.uid = "01KAV3J8Q4W6Z0X1Y2T3R4S5P6";
        event.time = 1_795_000_000_000L;
        event.kind = kind;
        event.operation = operation;
        event.service = service;
        return event;
    }

    private static List<JsonNode> run(KeyEvent... events) throws Exception {
        try (var harness = new OneInputStreamOperatorTestHarness<>(
                new StreamFlatMap<KeyEvent, Emission>(new SingleEventDetector()))) {
            harness.open();
            for (KeyEvent event : events) {
                harness.processElement(event, event.time);
            }
            List<JsonNode> findings = new ArrayList<>();
            for (Emission emission : harness.extractOutputValues()) {
                assertThat(emission.alert).isTrue();
                assertThat(OcsfSchema.violations(emission.value)).isEmpty();
                findings.add(JsonMapper.builder().build().readTree(emission.value));
            }
            return findings;
        }
    }

    @Test
    void aTokenThatWasTamperedWithIsAnAlert() throws Exception {
        List<JsonNode> findings = run(event(KeyEvent.OTHER, "DeviceTampered", "keyproof-broker"));

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0)
                        .path("finding_info")
                        .path("analytic")
                        .path("uid")
                        .asText())
                .isEqualTo("device-tampered");
        assertThat(findings.get(0).path("severity_id").asInt()).isEqualTo(5);
    }

    @Test
    void aPolicyThatTheBrokerDoesNotUseIsAnAlert() throws Exception {
        List<JsonNode> findings = run(event(KeyEvent.OTHER, "RefusePolicy", "keyproof-broker"));

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).at("/finding_info/analytic/uid").asText()).isEqualTo("policy-refused");
        assertThat(findings.get(0).path("severity_id").asInt()).isEqualTo(4);
        assertThat(run(event(KeyEvent.OTHER, "ChangePolicy", "keyproof-broker")))
                .isEmpty();
        assertThat(run(event(KeyEvent.OTHER, "RefusePolicy", "another"))).isEmpty();
    }

    private static KeyEvent about(String elevation, KeyEvent event) {
        event.key = elevation;
        event.success = true;
        return event;
    }

    @Test
    void whatIsToldOfABrokenGlassIsOneAlertForEach() throws Exception {
        for (Map.Entry<String, Byte> told : Map.of(
                        "BreakGlass", KeyEvent.OPERATION,
                        "NoticeBreakGlass", KeyEvent.OTHER,
                        "BreakGlassReviewOverdue", KeyEvent.OTHER,
                        "ApproverTampered", KeyEvent.OTHER,
                        "ElevationUnfounded", KeyEvent.OTHER)
                .entrySet()) {
            JsonNode one = run(about("01E", event(told.getValue(), told.getKey(), "keyproof-broker")))
                    .get(0);
            KeyEvent later = about("01E", event(told.getValue(), told.getKey(), "keyproof-broker"));
            later.uid = "another record of it";
            JsonNode again = run(later).get(0);
            JsonNode other = run(about("01F", event(told.getValue(), told.getKey(), "keyproof-broker")))
                    .get(0);

            assertThat(one.path("severity_id").asInt()).isEqualTo(5);
            assertThat(one.path("finding_info").path("uid"))
                    .isEqualTo(again.path("finding_info").path("uid"));
            assertThat(one.path("finding_info").path("uid"))
                    .isNotEqualTo(other.path("finding_info").path("uid"));
            assertThat(run(about("01E", event(told.getValue(), told.getKey(), "another"))))
                    .isEmpty();
        }
        KeyEvent refused = about("01E", event(KeyEvent.OPERATION, "BreakGlass", "keyproof-broker"));
        refused.success = false;
        assertThat(run(refused)).isEmpty();
        assertThat(run(about("01E", event(KeyEvent.OTHER, "BreakGlass", "keyproof-broker"))))
                .as("an intent")
                .isEmpty();
    }

    @Test
    void aPolicyThatCannotDecideIsOneAlertAnHourForEachOperation() throws Exception {
        KeyEvent first = event(KeyEvent.OPERATION, "Encrypt", "keyproof-broker");
        KeyEvent again = event(KeyEvent.OPERATION, "Encrypt", "keyproof-broker");
        KeyEvent other = event(KeyEvent.OTHER, "Approve", "keyproof-broker");
        KeyEvent later = event(KeyEvent.OPERATION, "Encrypt", "keyproof-broker");
        later.time += 3_600_000;
        for (KeyEvent event : List.of(first, again, other, later)) {
            event.undecided = true;
        }

        List<JsonNode> findings = run(first, again, other, later);

        assertThat(findings)
                .extracting(finding -> finding.path("message").asText())
                .containsExactly(
                        "Policy has no answer to Encrypt",
                        "Policy has no answer to Approve",
                        "Policy has no answer to Encrypt");
        assertThat(findings)
                .extracting(finding -> finding.at("/finding_info/analytic/uid").asText())
                .containsOnly("policy-error");
        assertThat(findings)
                .extracting(finding -> finding.path("severity_id").asInt())
                .containsOnly(4);
        assertThat(findings.get(0).at("/finding_info/uid"))
                .isEqualTo(run(again).get(0).at("/finding_info/uid"))
                .isNotEqualTo(findings.get(2).at("/finding_info/uid"));
    }

    @Test
    void nobodyElseSpeaksForTheDevice() throws Exception {
        assertThat(run(event(KeyEvent.OBSERVED, "DeviceTampered", "keyproof-broker")))
                .isEmpty();
        assertThat(run(event(KeyEvent.OTHER, "DeviceTampered", "another"))).isEmpty();
        assertThat(run(event(KeyEvent.OTHER, "StartBroker", "keyproof-broker"))).isEmpty();
    }
}
