package dev.keyproof.review.standing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.review.history.Place;
import org.junit.jupiter.api.Test;

/** What is kept of a key's events is what the rules ask for, as the stream job keeps it. */
class KeyRecordTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyRecord record = new KeyRecord();
    private long next;

    private void event(int activity, String operation, long time, String more) throws Exception {
        record.outcome(new Place("2026", next++, time), JSON.readTree("""
                {"activity_id": %d, "activity_name": "%s", "time": %d, "api": {"operation": "%s"}, %s}
                """.formatted(
                        activity, operation, time, operation, more)));
    }

    private static String state(String state, int version) {
        return """
                "status_id": 1, "resources": [{"uid": "K", "version": %d, "data": {"id": "K", "state": "%s", "version": %d, "provider": "pkcs11"}}]
                """.formatted(version, state, version);
    }

    private static String decided(boolean allow) {
        return """
                "unmapped": {"keyproof": {"kind": "operation", "intent": "I1", "duration_us": 1500000,
                 "decision": {"allow": %s, "input": {"key": {"state": "active"}}}, "detail": {"reason": "due"}}}
                """.formatted(allow);
    }

    @Test
    void changesUsesAndFailuresAreRemembered() throws Exception {
        event(1, "CreateKey", 1000, state("active", 1));
        event(99, "Encrypt", 5000, "\"count\": 3, " + state("active", 1) + ", " + decided(true));
        event(99, "Encrypt", 6000, "\"status_id\": 2, " + decided(true));
        event(3, "RotateKey", 7000, state("active", 2) + ", " + decided(true));
        event(3, "RotateKey", 9000, "\"status_id\": 2, \"status_code\": \"token-failed\", " + decided(true));
        // Refused by policy, so never tried.
        event(3, "DisableKey", 9500, "\"status_id\": 2, \"status_code\": \"denied\", " + decided(false));

        JsonNode input = record.input(60_000);

        assertThat(input.at("/key/version").asInt()).isEqualTo(2);
        assertThat(input.at("/time")).hasToString("""
                {"epoch":60,"rfc3339":"1970-01-01T00:01:00Z","weekday":"thu","hour":0}""");
        assertThat(input.at("/history/changes/CreateKey/done/time").asInt()).isEqualTo(1);
        assertThat(input.at("/history/changes/RotateKey/done")).hasToString("""
                {"time":7,"version":2,"intent":"I1","detail":{"reason":"due"}}""");
        assertThat(input.at("/history/changes/RotateKey/failed/code").asText()).isEqualTo("token-failed");
        assertThat(input.at("/history/changes/DisableKey")).isEmpty();
        assertThat(input.at("/history/uses")).hasSize(1);
        assertThat(input.at("/history/uses/0/count").asInt()).isEqualTo(3);
        assertThat(input.at("/history/current/version").asInt()).isEqualTo(2);
        assertThat(record.told()).isEqualTo(new Place("2026", 3, 7000));
    }

    @Test
    void whatComesLateDoesNotTakeTheKeyBack() throws Exception {
        event(3, "DisableKey", 9000, state("suspended", 1));
        event(1, "CreateKey", 1000, state("active", 1));

        assertThat(record.input(60_000).at("/key/state").asText()).isEqualTo("suspended");
    }

    @Test
    void everyChangeOfAVerdictHasAName() {
        assertThat(VerdictChange.between(Verdict.PASS, Verdict.PASS)).isEmpty();
        assertThat(VerdictChange.between(Verdict.FAIL, Verdict.PASS)).contains(VerdictChange.EXCUSED);
        assertThat(VerdictChange.between(Verdict.FAIL, Verdict.NO_RULE)).contains(VerdictChange.EXCUSED);
        assertThat(VerdictChange.between(Verdict.FAIL, Verdict.NOT_APPLICABLE)).contains(VerdictChange.EXCUSED);
        assertThat(VerdictChange.between(Verdict.FAIL, Verdict.NOT_EVALUATED)).contains(VerdictChange.UNJUDGED);
        assertThat(VerdictChange.between(Verdict.PASS, Verdict.ERROR)).contains(VerdictChange.UNJUDGED);
        assertThat(VerdictChange.between(Verdict.NO_RULE, Verdict.NOT_EVALUATED))
                .contains(VerdictChange.REGRADED);
        assertThat(VerdictChange.between(Verdict.NO_RULE, Verdict.FAIL)).contains(VerdictChange.FAILING);
        assertThat(VerdictChange.between(Verdict.PASS, Verdict.NOT_APPLICABLE)).contains(VerdictChange.REGRADED);
    }
}
