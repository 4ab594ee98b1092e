package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine against the program that Rego is defined by. */
@Tag("server")
final class RealOpaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DECIDED = 10_000;
    private static final int JUDGED = 400;

    @TempDir
    Path folder;

    /** Of each rule every verdict is seen, but for those of what always applies, and of the data, which no key fails. */
    private static final Set<String> NEVER = Set.of(
            "inventory/accountability NOT-APPLICABLE",
            "lifecycle/legal_transitions NOT-APPLICABLE",
            "lifecycle/no_protection_after_end NOT-APPLICABLE",
            "retention/period NOT-APPLICABLE",
            "retention/period FAIL",
            "device/approvers_founded NOT-APPLICABLE",
            "device/elevations_founded NOT-APPLICABLE",
            "device/not_tampered NOT-APPLICABLE",
            "device/state_not_older NOT-APPLICABLE",
            "logging/intent_completed NOT-APPLICABLE",
            "logging/content_complete NOT-APPLICABLE",
            "logging/heads_cover NOT-APPLICABLE",
            "logging/journal_never_full NOT-APPLICABLE",
            "logging/nothing_set_aside NOT-APPLICABLE",
            "logging/one_record_per_place NOT-APPLICABLE",
            "logging/records_whole NOT-APPLICABLE",
            "logging/undisputed NOT-APPLICABLE",
            "platform/notices_reach NOT-APPLICABLE",
            "platform/policy_accepted NOT-APPLICABLE",
            "platform/policy_decides NOT-APPLICABLE",
            "quorum/approvers_enough NOT-APPLICABLE");

    private static List<ObjectNode> inputs(int count, Function<Random, ObjectNode> kind) {
        Random random = new Random(20_261_124);
        return Stream.generate(() -> kind.apply(random)).limit(count).toList();
    }

    @Test
    void theEngineDecidesAsOpaDoes() throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        List<ObjectNode> inputs = inputs(DECIDED, Inputs::any);
        List<JsonNode> expected = RealOpa.unpacked(bundle, folder).answers(PolicyEngine.DECISION, inputs);

        Set<String> reasons = new HashSet<>();
        PolicyEngine engine = PolicyEngine.load(bundle);
        for (int i = 0; i < DECIDED; i++) {
            Decision decision = engine.authorise(inputs.get(i));
            assertThat(decision.result()).as(inputs.get(i).toString()).isEqualTo(expected.get(i));
            reasons.addAll(decision.reasons());
        }

        // Otherwise the inputs would prove little.
        assertThat(reasons)
                .containsExactlyInAnyOrder(
                        "granted",
                        "operation-unknown",
                        "caller-unknown",
                        "role-not-permitted",
                        "request-not-permitted",
                        "roles-conflict",
                        "kill-switch",
                        "batch-limit",
                        "key-unknown",
                        "key-state",
                        "purpose-mismatch",
                        "algorithm-not-allowed",
                        "data-key-not-allowed",
                        "caller-not-listed",
                        "approval-invalid",
                        "quorum-not-met",
                        "rotation-period",
                        "destruction-window",
                        "exception-not-permitted",
                        "too-few-approvers",
                        "elevation-not-permitted",
                        "hat-worn");
    }

    @Test
    void theEngineJudgesKeysAsOpaDoes() throws Exception {
        assertThat(theEngineJudgesAsOpaDoes(Inputs::judged)).hasSize(35);
    }

    @Test
    void theEngineJudgesAccountsAsOpaDoes() throws Exception {
        assertThat(theEngineJudgesAsOpaDoes(OtherInputs::account)).hasSize(5);
    }

    @Test
    void theEngineJudgesInstallationsAsOpaDoes() throws Exception {
        assertThat(theEngineJudgesAsOpaDoes(OtherInputs::installation)).hasSize(21);
    }

    @Test
    void theEngineJudgesTokensAsOpaDoes() throws Exception {
        assertThat(theEngineJudgesAsOpaDoes(OtherInputs::token)).hasSize(3);
    }

    @Test
    void theEngineJudgesLogsAsOpaDoes() throws Exception {
        assertThat(theEngineJudgesAsOpaDoes(OtherInputs::log)).hasSize(7);
    }

    private Set<String> theEngineJudgesAsOpaDoes(Function<Random, ObjectNode> kind) throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        List<ObjectNode> inputs = inputs(JUDGED, kind);
        List<JsonNode> expected = RealOpa.unpacked(bundle, folder).answers(PolicyEngine.RESULTS, inputs);

        Set<String> rules = new HashSet<>();
        Set<String> verdicts = new HashSet<>();
        Plan plan = Plan.of(bundle.plan(), bundle.data());
        for (int i = 0; i < JUDGED; i++) {
            ObjectNode input = inputs.get(i);
            JsonNode results = plan.answer(PolicyEngine.RESULTS, input).orElseThrow();
            assertThat(results).as(input.toString()).isEqualTo(expected.get(i));
            results.forEach(result -> {
                rules.add(result.path("rule").asText());
                verdicts.add(result.path("rule").asText() + " "
                        + result.path("status").asText());
            });
        }

        assertThat(verdicts)
                .containsExactlyInAnyOrderElementsOf(rules.stream()
                        .flatMap(rule -> Stream.of("PASS", "FAIL", "NOT-APPLICABLE", "NOT-EVALUATED")
                                .map(verdict -> rule + " " + verdict))
                        .filter(verdict -> !NEVER.contains(verdict))
                        .toList());
        return rules;
    }

    /** As every bundle was before there were subjects. */
    @Test
    void aBundleThatJudgesKeysAloneSaysNothingOfAnythingElse() throws Exception {
        PolicyBundle bundle = built("decision := {\"allow\": true}", """
                results contains {"rule": "a/b", "status": "PASS", "title": "T", "description": "D", "severity": "low",
                 "remediation": "R", "controls": [], "evidence": {}}""");

        PolicyEngine engine = PolicyEngine.unbounded(bundle);

        assertThat(engine.evaluate(Inputs.encrypt())).hasSize(1);
        assertThat(engine.evaluate(Inputs.encrypt().put("subject", "key"))).hasSize(1);
        assertThat(engine.evaluate(Inputs.encrypt().put("subject", "account"))).isEmpty();
    }

    @Test
    void whatPolicyLeavesUndefinedIsRefused() throws Exception {
        PolicyBundle bundle = built("decision := {\"allow\": true} if input.operation == \"Encrypt\"");

        PolicyEngine engine = PolicyEngine.unbounded(bundle);

        assertThat(engine.authorise(Inputs.encrypt()).allow()).isTrue();
        Decision other = engine.authorise(Inputs.encrypt().put("operation", "Decrypt"));
        assertThat(other.allow()).isFalse();
        assertThat(other.reasons()).containsExactly(Decision.UNDEFINED);
    }

    @Test
    void whatIsNoDecisionIsRefused() throws Exception {
        PolicyBundle bundle = built("decision := {\"allow\": \"yes\"}");

        Decision decision = PolicyEngine.unbounded(bundle).authorise(Inputs.encrypt());

        assertThat(decision.allow()).isFalse();
        assertThat(decision.reasons()).containsExactly(Decision.ERROR);
    }

    /** Then nothing is decided by it at all, rather than refused at the first call. */
    @Test
    void whatCallsWhatItMayNotIsNotLoaded() throws Exception {
        PolicyBundle bundle = built("decision := {\"allow\": time.now_ns() > 0}");

        assertThatThrownBy(() -> PolicyEngine.unbounded(bundle))
                .isInstanceOf(PolicyException.class)
                .hasMessage("policy cannot be loaded: policy calls time.now_ns, which it may not");
    }

    /** opa's plan of it lets the 'not' hold where its own evaluation does not. */
    @Test
    void whatOpaPlansOtherwiseThanItEvaluatesIsNotLoaded() throws Exception {
        for (String rule : List.of(
                "allow if not revoked[input.user]",
                "allow if not revoked[input.user].bob",
                "allow if { every user in input.users { not revoked[user] } }",
                "allow if { not revoked[input.user] with input.z as 2 }")) {
            PolicyBundle bundle = built("decision := {\"allow\": allow}\n\ndefault allow := false\n\n" + rule
                    + "\n\nrevoked.alice := true if input.z\n\nrevoked.team.bob := true if input.z");

            assertThatThrownBy(() -> PolicyEngine.unbounded(bundle))
                    .as(rule)
                    .isInstanceOf(PolicyException.class)
                    .hasMessageContaining("rules of different depths");
        }
        PolicyEngine even = PolicyEngine.unbounded(built("""
                decision := {"allow": allow}

                default allow := false

                allow if not revoked[input.user]

                revoked.alice := true if input.z

                revoked.bob := true if input.z"""));
        ObjectNode input = JSON.createObjectNode().put("user", "alice").put("z", true);
        assertThat(even.authorise(input).allow()).isFalse();
        assertThat(even.authorise(input.put("user", "carol")).allow()).isTrue();
    }

    /** Sixteen thousand names of one hash are an input like another. */
    @Test
    void namesOfOneHashDoNotHoldTheEngineUp() throws Exception {
        PolicyEngine engine = PolicyEngine.unbounded(built("decision := {\"allow\": count(input.names) == 16384}"));
        ObjectNode input = JSON.createObjectNode();
        ObjectNode names = input.putObject("names");
        for (int i = 0; i < 16_384; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.put(name.toString(), 1);
        }
        assertThat(engine.authorise(input).allow()).isTrue();
    }

    /** Two values for one rule are no decision. */
    @Test
    void whatFailsInsideIsRefused() throws Exception {
        PolicyBundle bundle = built("""
                decision := {"allow": true, "of": input.a}

                decision := {"allow": true, "of": input.b}""");

        PolicyEngine engine = PolicyEngine.unbounded(bundle);
        ObjectNode input = JSON.createObjectNode().put("a", 1).put("b", 1);
        assertThat(engine.authorise(input).allow()).isTrue();
        Decision decision = engine.authorise(input.put("b", 2));
        assertThat(decision.allow()).isFalse();
        assertThat(decision.reasons()).containsExactly(Decision.ERROR);
    }

    /** A policy that would take minutes holds nobody up for long. */
    @Test
    void whatTakesTooLongIsRefused() throws Exception {
        PolicyBundle bundle = built("""
                decision := {"allow": true} if {
                    count({x |
                        some a in numbers.range(1, input.n)
                        some b in numbers.range(1, input.n)
                        some c in numbers.range(1, input.n)
                        x := (a + b) + c
                    }) > 0
                }""");

        PolicyEngine engine = PolicyEngine.unbounded(bundle);
        assertThat(engine.authorise(JSON.createObjectNode().put("n", 10)).allow())
                .isTrue();
        assertThat(engine.authorise(JSON.createObjectNode().put("n", 100_000)).reasons())
                .containsExactly(Decision.ERROR);
    }

    /** Also beside a Regal that finds fault, which is shown. */
    @Test
    void theSameSourcesGiveTheSameBytesElsewhere() throws Exception {
        Path copy = packs(folder.resolve("elsewhere"));
        Path again = folder.resolve("again.tar.gz");
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path regal = Files.writeString(programs.resolve("regal"), "#!/bin/sh\necho \"one finding of: $*\"\nexit 3\n");
        Files.setPosixFilePermissions(regal, PosixFilePermissions.fromString("rwx------"));

        RealOpa.run(
                folder.resolve("log"),
                copy,
                "sh",
                "-c",
                "PATH=$0:$PATH exec sh build.sh \"$1\"",
                programs.toString(),
                again.toString());

        assertThat(PolicyBundle.read(again).digest())
                .isEqualTo(PolicyBundle.builtIn().digest());
        assertThat(folder.resolve("log"))
                .content()
                .contains(
                        "one finding of: lint --config-file .regal/config.yaml authz lib rules lint",
                        "packs: regal has findings, which fail nothing");
    }

    @Test
    void whatARuleLacksIsSaidBeforeTestsFailByIt() throws Exception {
        Path copy = packs(folder.resolve("lacking"));
        Path rule = copy.resolve("rules/logging/undisputed/rule.rego");
        Files.writeString(
                rule, Files.readString(rule).replaceFirst("(?s)#   remediation: .*?#   subject:", "#   subject:"));

        assertThatThrownBy(() -> RealOpa.run(folder.resolve("log"), copy, "sh", "build.sh", "target/none.tar.gz"))
                .hasMessageContaining("rules/logging/undisputed/rule.rego: its metadata has no custom.remediation")
                .hasMessageContaining("packs: lint")
                .hasMessageNotContaining("tests failed");
    }

    /** A copy of all that the packs are built from. */
    private static Path packs(Path copy) throws IOException {
        Path packs = Path.of("../packs").toAbsolutePath().normalize();
        for (String part : List.of(".regal", "authz", "rules", "lib", "lint", "frameworks", "parameters", "schemas")) {
            copy(packs.resolve(part), copy.resolve(part));
        }
        for (String file : List.of("build.sh", "capabilities.json")) {
            Files.copy(packs.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private PolicyBundle built(String rule) throws Exception {
        return built(rule, "results := []");
    }

    private PolicyBundle built(String rule, String rules) throws Exception {
        Files.writeString(folder.resolve("authz.rego"), "package keyproof.authz\n\n" + rule + "\n");
        Files.writeString(folder.resolve("rules.rego"), "package keyproof.compliance\n\n" + rules + "\n");
        return RealOpa.bundle(folder, "authz.rego", "rules.rego");
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(from)) {
            walk.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
