package dev.keyproof.broker.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.policy.PolicySource;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.Decision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What policy is asked, to the last member, and what follows from its answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant SUNDAY = Instant.parse("2026-11-01T23:59:59.999Z");

    private PolicyInForce engine;
    private Decisions decisions;

    @BeforeAll
    void load(@TempDir Path dir) throws Exception {
        Path networks = Files.writeString(dir.resolve("networks"), "192.0.2.0/24 64500\n");
        engine = PolicyInForce.of(new PolicySource(null, BundleTrust.of(null, null, false), data -> {}));
        decisions = new Decisions(engine, new Networks(networks));
    }

    private static Call call(Caller caller, String address, @Nullable String change, Instant started) {
        return new Call("01R", caller, address, null, null, change, null, false, started, 0);
    }

    private static final Caller PLAIN = new Caller("app", Caller.Method.TOKEN, List.of("application"), List.of(), null);

    @Test
    void aPlainCallSaysNoMoreThanItHas() throws Exception {
        Verdict verdict = decisions.decide(
                call(PLAIN, "198.51.100.1", null, SUNDAY), "CreateKey", null, Ask.PLAIN, false, null, null);

        assertThat(JSON.readTree(verdict.recorded().input().toString())).isEqualTo(JSON.readTree("""
                {"operation":"CreateKey","killSwitch":false,
                 "actor":{"id":"app","method":"token","roles":["application"]},
                 "request":{"source":"198.51.100.1","batch":1},
                 "time":{"epoch":1793577599,"rfc3339":"2026-11-01T23:59:59Z","weekday":"sun","hour":23}}
                """));
        assertThat(verdict.recorded().allow()).isFalse();
        assertThat(verdict.recorded().policy()).isEqualTo(engine.policyDigest());
        assertThat(verdict.decision().reasons()).contains("role-not-permitted");
    }

    @Test
    void allThatACallHasIsPoliciesToRead() throws Exception {
        Caller caller = new Caller("w", Caller.Method.WORKLOAD, List.of("a", "b"), List.of("g", "h"), "managed");
        Ask ask = new Ask(
                3,
                List.of("tenant"),
                "AES_256_GCM",
                "encrypt",
                JSON.readTree("{\"p\":0}"),
                JSON.readTree("{\"q\":1}"),
                JSON.readTree("{\"e\":2}"),
                null);

        JsonNode input = decisions
                .decide(
                        call(caller, "192.0.2.9", "CHG-1", SUNDAY.plusMillis(1)),
                        "Encrypt",
                        JSON.readTree("{\"id\":\"k\"}"),
                        ask,
                        true,
                        "audit",
                        JSON.readTree("[{\"role\":\"c\"}]"))
                .recorded()
                .input();

        assertThat(JSON.readTree(input.toString())).isEqualTo(JSON.readTree("""
                {"operation":"Encrypt","killSwitch":true,
                 "actor":{"id":"w","method":"workload","roles":["a","b"],"groups":["g","h"],"posture":"managed",
                          "hat":"audit"},
                 "key":{"id":"k"},
                 "request":{"source":"192.0.2.9","batch":3,"context":["tenant"],"algorithm":"AES_256_GCM",
                            "purpose":"encrypt","parameters":{"p":0},"asn":64500,"change":{"id":"CHG-1"}},
                 "approvals":{"q":1},"elevations":[{"role":"c"}],"elevation":{"e":2},
                 "time":{"epoch":1793577600,"rfc3339":"2026-11-02T00:00:00Z","weekday":"mon","hour":0}}
                """));
    }

    @Test
    void whatWasFoundOfTheChangeStandsForItsName() throws Exception {
        JsonNode input = decisions
                .decide(
                        call(PLAIN, "192.0.2.9", "CHG-1", SUNDAY),
                        "Encrypt",
                        null,
                        Ask.PLAIN.under(JSON.readTree("{\"id\":\"CHG-1\",\"status\":\"open\"}")),
                        false,
                        null,
                        null)
                .recorded()
                .input();

        assertThat(input.at("/request/change/status").asText()).isEqualTo("open");
    }

    @Test
    void anAskIsPutTogetherStepByStep() throws Exception {
        JsonNode one = JSON.readTree("{\"a\":1}");
        JsonNode two = JSON.readTree("{\"a\":2}");
        JsonNode three = JSON.readTree("{\"a\":3}");
        JsonNode four = JSON.readTree("{\"a\":4}");

        assertThat(Ask.items(2, List.of("c")).asking(one).with(two).about(three).under(four))
                .isEqualTo(new Ask(2, List.of("c"), null, null, one, two, three, four));
        assertThat(Ask.parameters(one)).isEqualTo(new Ask(1, List.of(), null, null, one, null, null, null));
        assertThat(Ask.PLAIN.with(null)).isEqualTo(Ask.PLAIN);
    }

    private static Verdict verdict(boolean allow, String obligations, String... reasons) throws Exception {
        ObjectNode result = JSON.createObjectNode();
        result.set("obligations", JSON.readTree(obligations));
        return new Verdict(
                new Decision(allow, List.of(reasons), result, "sha256:p", "sha256:d"),
                new Extension.Decision(allow, "sha256:p", "sha256:d", JSON.createObjectNode(), result));
    }

    @Test
    void obligationsAreRead() throws Exception {
        Verdict bound = verdict(true, "{\"usageLimit\":5,\"wear\":\"audit\",\"elevation\":\"01E\"}");
        Verdict free = verdict(true, "{}");

        assertThat(bound.usageLimit()).isEqualTo(5);
        assertThat(bound.wear()).isEqualTo("audit");
        assertThat(bound.elevation()).isEqualTo("01E");
        assertThat(free.usageLimit()).isZero();
        assertThat(free.wear()).isNull();
        assertThat(free.elevation()).isNull();
        assertThat(verdict(false, "{}", "change-required").lacksChange()).isTrue();
        assertThat(verdict(false, "{}", "change-required", "hour").lacksChange())
                .isFalse();
        assertThat(free.lacksChange()).isFalse();
    }

    private static void refused(Verdict verdict, boolean known, boolean transition, Problem problem) {
        assertThatThrownBy(() -> verdict.require(known, transition))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }

    @Test
    void aRefusalSaysNoMoreThanTheCallerMayKnow() throws Exception {
        verdict(true, "{}").require(false, true);
        Verdict state = verdict(false, "{}", "key-state");
        Verdict role = verdict(false, "{}", "role-not-permitted");

        refused(state, true, true, Problem.ILLEGAL_STATE);
        refused(state, true, false, Problem.DENIED);
        refused(state, false, false, Problem.KEY_NOT_FOUND);
        refused(verdict(false, "{}", "key-state", "hour"), true, true, Problem.DENIED);
        refused(role, false, false, Problem.DENIED);
        refused(role, true, true, Problem.DENIED);
    }
}
