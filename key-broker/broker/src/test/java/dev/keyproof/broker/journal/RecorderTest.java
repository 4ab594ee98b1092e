package dev.keyproof.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.trace.Traces;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.Extension;
import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.log.journal.JournalOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the journal, as whoever reads it finds it. */
class RecorderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String HUGE = "x".repeat(70_000);

    @TempDir
    Path dir;

    private final EventCodec codec = new EventCodec();
    private Journal journal;
    private Recorder recorder;

    @BeforeEach
    void open() throws Exception {
        journal = Journal.open(dir, "broker-1", JournalOptions.DEFAULTS);
        recorder = new Recorder(journal, codec, CLOCK, nanos -> {}, Traces.off());
    }

    @AfterEach
    void close() throws Exception {
        journal.close();
    }

    private JsonNode last() throws Exception {
        return JSON.readTree(journal.read(journal.size() - 1, 1).getFirst());
    }

    private static Call call(@Nullable String userAgent) {
        return new Call(
                "01R",
                new Caller("app", Caller.Method.TOKEN, List.of("application"), List.of(), null),
                "192.0.2.1",
                userAgent,
                "run-1",
                null,
                null,
                false,
                NOW.minusSeconds(60),
                System.nanoTime() - 2_000_000_000L);
    }

    private static Extension.Decision decision(String result) throws Exception {
        return new Extension.Decision(
                true, "sha256:p", "sha256:d", JSON.readTree("{\"operation\":\"Sign\"}"), JSON.readTree(result));
    }

    @Test
    void aCallsRecordSaysWhoDidWhat() throws Exception {
        Draft draft = Draft.of(Action.of(KeyOperation.SIGN), call("curl"))
                .on(Resource.key("01K", "1", JSON.readTree("{\"state\":\"active\"}")))
                .decided(decision("{\"obligations\":{\"elevation\":\"01E\"}}"))
                .count(3)
                .message("done")
                .completes("01I")
                .succeeded(200);
        draft.detail().put("more", 1);

        Recorded recorded = recorder.append(draft);

        assertThat(recorded.uid()).isEqualTo(draft.uid()).hasSize(26);
        JsonNode event = last();
        assertThat(event.at("/metadata/uid").asText()).isEqualTo(draft.uid());
        assertThat(event.at("/metadata/source").asText()).isEqualTo("broker-1");
        assertThat(event.at("/metadata/sequence").asLong(-1)).isZero();
        assertThat(event.at("/metadata/correlation_uid").asText()).isEqualTo("01R");
        assertThat(event.at("/metadata/product/name").asText()).isNotEmpty();
        assertThat(event.path("time").asLong()).isEqualTo(NOW.minusSeconds(60).toEpochMilli());
        assertThat(event.path("duration").asLong()).isBetween(2_000L, 20_000L);
        assertThat(event.at("/unmapped/keyproof/duration_us").asLong()).isBetween(2_000_000L, 20_000_000L);
        assertThat(event.path("count").asInt()).isEqualTo(3);
        assertThat(event.path("message").asText()).isEqualTo("done");
        assertThat(event.path("status_id").asInt()).isEqualTo(1);
        assertThat(event.at("/actor/user/uid").asText()).isEqualTo("app");
        assertThat(event.at("/actor/session/uid").asText()).isEqualTo("01E");
        assertThat(event.at("/api/operation").asText()).isEqualTo("Sign");
        assertThat(event.at("/api/service/name").asText()).isEqualTo("keyproof-broker");
        assertThat(event.at("/api/request/uid").asText()).isEqualTo("01R");
        assertThat(event.at("/api/response/code").asInt()).isEqualTo(200);
        assertThat(event.at("/src_endpoint/ip").asText()).isEqualTo("192.0.2.1");
        assertThat(event.at("/http_request/user_agent").asText()).isEqualTo("curl");
        assertThat(event.at("/resources/0/uid").asText()).isEqualTo("01K");
        assertThat(event.at("/unmapped/keyproof/kind").asText()).isEqualTo("operation");
        assertThat(event.at("/unmapped/keyproof/run").asText()).isEqualTo("run-1");
        assertThat(event.at("/unmapped/keyproof/intent").asText()).isEqualTo("01I");
        assertThat(event.at("/unmapped/keyproof/epoch").asText()).isEqualTo(journal.epoch());
        assertThat(event.at("/unmapped/keyproof/decision/policy").asText()).isEqualTo("sha256:p");
        assertThat(event.at("/unmapped/keyproof/detail/more").asInt()).isEqualTo(1);
    }

    @Test
    void whatACallHasNotIsNotOnItsRecord() throws Exception {
        recorder.append(Draft.of(Action.READ_INVENTORY, call(null))
                .on(null)
                .decided(decision("{}"))
                .succeeded(200)
                .pending());

        JsonNode event = last();
        assertThat(event.path("status_id").asInt()).isEqualTo(99);
        for (String absent : List.of(
                "/actor/session",
                "/api/response",
                "/http_request",
                "/resources",
                "/count",
                "/unmapped/keyproof/detail",
                "/unmapped/keyproof/intent")) {
            assertThat(event.at(absent).isMissingNode()).as(absent).isTrue();
        }
    }

    @Test
    void theBrokersOwnRecordNamesNoCaller() throws Exception {
        recorder.append(Draft.service("BrokerStarted"));

        JsonNode event = last();
        assertThat(event.path("time").asLong()).isEqualTo(NOW.toEpochMilli());
        assertThat(event.at("/api/operation").asText()).isEqualTo("BrokerStarted");
        assertThat(event.at("/unmapped/keyproof/kind").asText()).isEqualTo("service");
        assertThat(event.at("/src_endpoint/svc_name").asText()).isEqualTo("keyproof-broker");
        assertThat(event.at("/src_endpoint/ip").isMissingNode()).isTrue();
        assertThat(event.toString()).contains("keyproof-broker").doesNotContain("\"duration\"");
        for (String absent : List.of("/duration", "/api/request", "/http_request", "/metadata/correlation_uid")) {
            assertThat(event.at(absent).isMissingNode()).as(absent).isTrue();
        }
    }

    @Test
    void aRefusalIsOnTheRecordWithWhatWasTried() throws Exception {
        Draft draft = Draft.of(Action.of(KeyOperation.SIGN), call(null));
        assertThat(draft.isSuccess()).isTrue();

        recorder.append(
                draft.failed(new ProblemException(Problem.PROVIDER_UNAVAILABLE, "no answer").after(List.of("a", "b"))));

        assertThat(draft.isSuccess()).isFalse();
        JsonNode event = last();
        assertThat(event.path("status_id").asInt()).isEqualTo(2);
        assertThat(event.path("status_code").asText()).isEqualTo(Problem.PROVIDER_UNAVAILABLE.id());
        assertThat(event.path("status_detail").asText()).isEqualTo("no answer");
        assertThat(event.at("/api/response/code").asInt()).isEqualTo(503);
        assertThat(event.at("/unmapped/keyproof/detail/attempts").toString()).isEqualTo("[\"a\",\"b\"]");

        recorder.append(Draft.own(Action.UNKNOWN).failed(new ProblemException(Problem.DENIED, "no")));
        assertThat(last().at("/unmapped/keyproof/detail").isMissingNode()).isTrue();
    }

    private static Draft intent() {
        return Draft.own(Action.of(KeyOperation.SIGN).as(Kind.INTENT)).pending();
    }

    @Test
    void anIntentIsOpenUntilItsOutcomeIsOnTheRecord() throws Exception {
        recorder.append(Draft.service("One"));
        assertThat(recorder.settledBefore()).hasValue(1);
        Draft first = intent();
        Draft second = intent();
        recorder.append(first);
        recorder.append(second);

        assertThat(recorder.openIntent(first.uid())).hasValue(1);
        assertThat(recorder.openIntent("none")).isEmpty();
        assertThat(recorder.settledBefore()).hasValue(1);

        recorder.append(Draft.own(Action.of(KeyOperation.SIGN)).completes(first.uid()));
        assertThat(recorder.openIntent(first.uid())).isEmpty();
        assertThat(recorder.settledBefore()).hasValue(2);

        recorder.reopen("old", 0);
        assertThat(recorder.openIntent("old")).hasValue(0);
        assertThat(recorder.settledBefore()).hasValue(0);
        recorder.reopen("coming", -1);
        assertThat(recorder.openIntent("coming")).isEmpty();
        assertThat(recorder.settledBefore()).isEqualTo(OptionalLong.empty());
        assertThat(recorder.size()).isEqualTo(4);
    }

    @Test
    void whatWasDoneIsOnTheRecordIfNotWithAllThatWasRead() throws Exception {
        Draft outcome = Draft.of(Action.of(KeyOperation.SIGN), call(null))
                .on(Resource.key("01K", "1", JSON.createObjectNode().put("name", HUGE)))
                .decided(decision("{\"text\":\"" + HUGE + "\"}"))
                .completes("01I");

        recorder.append(outcome);

        JsonNode event = last();
        assertThat(event.at("/unmapped/keyproof/detail/reduced").asBoolean()).isTrue();
        assertThat(event.at("/unmapped/keyproof/decision").isMissingNode()).isTrue();
        assertThat(event.at("/resources/0/uid").asText()).isEqualTo("01K");
        assertThat(event.at("/resources/0/version").asText()).isEqualTo("1");
        assertThat(event.at("/resources/0/data").isMissingNode()).isTrue();
        assertThat(recorder.openIntent("01I")).isEmpty();
    }

    private void tooLarge(Draft draft) {
        draft.detail().put("text", HUGE);
        assertThatThrownBy(() -> recorder.append(draft))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_INPUT));
    }

    @Test
    void aRecordThatIsTooLargeLeavesNothingOpen() {
        Draft intent = intent();
        tooLarge(intent);
        tooLarge(Draft.own(Action.UNKNOWN).completes("01I"));
        tooLarge(Draft.service("Large"));

        assertThat(recorder.settledBefore()).hasValue(0);
        assertThat(recorder.size()).isZero();
        assertThat(recorder.usable()).isTrue();
    }

    @Test
    void withoutJournalNothingIsDone() throws Exception {
        journal.close();

        assertThatThrownBy(() -> recorder.append(Draft.service("Late")))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.JOURNAL_UNAVAILABLE));
    }

    @Test
    void aGapSaysHowManyWereRefused() throws Exception {
        JsonNode gap = JSON.readTree(Recorder.gapWriter(codec, CLOCK).entry("broker-1", "E", 7, "0".repeat(64), 5));

        assertThat(gap.at("/api/operation").asText()).isEqualTo("JournalGap");
        assertThat(gap.at("/metadata/sequence").asLong()).isEqualTo(7);
        assertThat(gap.at("/unmapped/keyproof/previous").asText()).isEqualTo("0".repeat(64));
        assertThat(gap.at("/unmapped/keyproof/detail/refused").asLong()).isEqualTo(5);
        assertThat(gap.path("message").asText()).contains("disk was full");
    }

    @Test
    void refusalsAreCountedByWordAndRecordedOnce() throws Exception {
        Strangers strangers = new Strangers(recorder, CLOCK);
        strangers.record();
        assertThat(recorder.size()).as("nothing to say").isZero();

        strangers.refused("no-token");
        strangers.refused("expired");
        strangers.refused("no-token");
        strangers.record();
        strangers.record();

        assertThat(recorder.size()).isEqualTo(1);
        JsonNode event = last();
        assertThat(event.at("/api/operation").asText()).isEqualTo("RefuseStrangers");
        assertThat(event.at("/unmapped/keyproof/kind").asText()).isEqualTo("refusals");
        assertThat(event.path("count").asInt()).isEqualTo(3);
        assertThat(event.at("/unmapped/keyproof/detail"))
                .isEqualTo(JSON.readTree("{\"from\":\"2026-11-01T10:00:00Z\",\"to\":\"2026-11-01T10:00:00Z\","
                        + "\"reasons\":{\"expired\":1,\"no-token\":2}}"));
    }

    @Test
    void manyWordsAreOthers() throws Exception {
        Throttled throttled = new Throttled(recorder, CLOCK);
        for (int i = 0; i < 103; i++) {
            throttled.refused("caller-" + i);
        }
        throttled.refused("caller-0");
        throttled.record();

        JsonNode callers = last().at("/unmapped/keyproof/detail/callers");
        assertThat(last().at("/api/operation").asText()).isEqualTo("RefuseTooMany");
        assertThat(callers.size()).isEqualTo(101);
        assertThat(callers.path("others").asInt()).isEqualTo(3);
        assertThat(callers.path("caller-0").asInt()).isEqualTo(2);
    }

    @Test
    void whatCannotBeRecordedIsKept() throws Exception {
        Strangers strangers = new Strangers(recorder, CLOCK);
        strangers.refused(HUGE);
        assertThatThrownBy(strangers::record).isInstanceOf(ProblemException.class);

        assertThatThrownBy(strangers::record).as("it is still there").isInstanceOf(ProblemException.class);
    }

    @Test
    void actionsAreClassedAsOcsfDoes() {
        assertThat(Action.SET_KILL_SWITCH.changesKey()).isTrue();
        assertThat(new Action("DestroyKey", 4, "Delete", Kind.OPERATION).changesKey())
                .isTrue();
        assertThat(Action.READ_INVENTORY.changesKey()).isFalse();
        assertThat(Action.outcome("Approve", 99, "Approve").kind()).isEqualTo(Kind.APPROVAL);
        assertThat(Action.outcome("WithdrawApproval", 99, "x").kind()).isEqualTo(Kind.APPROVAL);
        assertThat(Action.outcome("DestroyKey", 4, "Delete"))
                .isEqualTo(new Action("DestroyKey", 4, "Delete", Kind.OPERATION));
    }
}
