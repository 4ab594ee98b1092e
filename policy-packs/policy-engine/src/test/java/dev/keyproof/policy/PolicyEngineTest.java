package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicyEngineTest {
    private PolicyEngine engine;

    @BeforeAll
    void load() throws Exception {
        engine = PolicyEngine.load(PolicyBundle.builtIn());
    }

    @Test
    void anApplicationEncryptsWithAnActiveKey() {
        ObjectNode input = Inputs.encrypt();

        Decision decision = engine.authorise(input);

        assertThat(decision.reasons()).containsExactly("granted");
        assertThat(decision.allow()).isTrue();
        assertThat(decision.quorum()).isZero();
        assertThat(decision.policyDigest()).matches("sha256:[0-9a-f]{64}").isEqualTo(engine.policyDigest());
        assertThat(decision.dataDigest()).matches("sha256:[0-9a-f]{64}").isNotEqualTo(engine.policyDigest());
        assertThat(decision.recorded(input).result()).isEqualTo(decision.result());
        assertThat(decision.recorded(input).input()).isEqualTo(input);
    }

    @Test
    void aStrangersRoleIsRefused() {
        ObjectNode input = Inputs.encrypt();
        input.withObject("/actor").putArray("roles").add("visitor");

        Decision decision = engine.authorise(input);

        assertThat(decision.allow()).isFalse();
        assertThat(decision.reasons()).containsExactly("role-not-permitted");
    }

    @Test
    void aDestructionSaysWhatQuorumItNeeds() {
        ObjectNode input = Inputs.encrypt().put("operation", "DestroyKey");
        input.withObject("/actor").putArray("roles").add("administrator");

        Decision decision = engine.authorise(input);

        assertThat(decision.allow()).isFalse();
        assertThat(decision.reasons()).containsExactly("approval-invalid", "quorum-not-met");
        assertThat(decision.quorum()).isEqualTo(2);
    }

    @Test
    void whatIsNoInputIsRefused() {
        for (JsonNode strange : List.of(
                NullNode.instance,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.textNode("Encrypt"))) {
            assertThat(engine.authorise(strange).allow()).as(strange.toString()).isFalse();
        }
    }

    @Test
    void noRuleFailsASoundKey() throws Exception {
        List<RuleResult> results = engine.evaluate(Inputs.encrypt());

        assertThat(ruled(results, RuleResult.Status.PASS))
                .containsExactly(
                        "custody/one_home",
                        "device/attributes_kept",
                        "inventory/accountability",
                        "lifecycle/cryptoperiod",
                        "lifecycle/dormant",
                        "lifecycle/legal_transitions",
                        "lifecycle/no_protection_after_end",
                        "material/confinement",
                        "material/immutability",
                        "material/strength",
                        "retention/period",
                        "rotation/last_attempt_failed",
                        "rotation/period_declared",
                        "rotation/usage_limit_near",
                        "rotation/usage_limit_set",
                        "strength/algorithm_fits_purpose",
                        "strength/born_by_recorded_step",
                        "strength/strength_ends_soon",
                        "usage/single_purpose");
        // What is asked of sensitive keys, and what is about what did not happen to this one.
        assertThat(ruled(results, RuleResult.Status.NOT_APPLICABLE))
                .containsExactly(
                        "custody/callers_named",
                        "custody/class_declared",
                        "custody/exceptions_current",
                        "custody/resident_where_asked",
                        "lifecycle/compromise_acted_on",
                        "lifecycle/destroyed_everywhere",
                        "lifecycle/destruction_overdue",
                        "lifecycle/destruction_waited",
                        "lifecycle/no_use_after_destruction",
                        "lifecycle/pre_active_overdue",
                        "lifecycle/suspended_too_long",
                        "residency/declared",
                        "residency/scope_bound",
                        "rotation/back_out_left",
                        "rotation/re_wrap_in_time",
                        "rotation/retired_too_early");
        assertThat(results).hasSize(19 + 16);
        assertThat(results).allSatisfy(result -> assertThat(result.controls()).isNotEmpty());
    }

    private static List<String> ruled(List<RuleResult> results, RuleResult.Status status) {
        return results.stream()
                .filter(result -> result.status() == status)
                .map(RuleResult::rule)
                .toList();
    }

    @Test
    void oneFlawIsOneFailureThatNamesItsControls() throws Exception {
        ObjectNode input = Inputs.encrypt();
        input.withObject("/key").put("rotationPeriodDays", 1000);

        List<RuleResult> failures = engine.evaluate(input).stream()
                .filter(result -> result.status() == RuleResult.Status.FAIL)
                .toList();

        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.rule()).isEqualTo("lifecycle/cryptoperiod");
            assertThat(failure.severity()).isEqualTo("medium");
            assertThat(failure.controls())
                    .containsExactly(
                            new RuleResult.Control("pci-dss", "4.0.1", "3.7.4"),
                            new RuleResult.Control("nist-800-57", "pt1r5", "5.3"),
                            new RuleResult.Control("nist-800-53", "r5", "SC-12"),
                            new RuleResult.Control("iso-27001", "2022", "A.8.24"));
            assertThat(failure.evidence().path("faults").get(0).asText()).isEqualTo("declared-period-too-long");
        });
    }

    @Test
    void aKeyThatTheDeviceDoesNotShowIsNotPassed() throws Exception {
        ObjectNode input = Inputs.encrypt();
        input.withObject("/key").putNull("attributes");

        assertThat(engine.evaluate(input))
                .filteredOn(result -> result.rule().startsWith("material/"))
                .extracting(RuleResult::status)
                .containsOnly(RuleResult.Status.NOT_EVALUATED);
    }

    @Test
    void manyThreadsGetWhatOneGets() throws Exception {
        List<ObjectNode> inputs = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            inputs.add(Inputs.any(random));
        }
        List<Decision> alone = inputs.stream().map(engine::authorise).toList();

        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<Decision>>> together = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                together.add(threads.submit(
                        () -> inputs.stream().map(engine::authorise).toList()));
            }
            for (Future<List<Decision>> decisions : together) {
                assertThat(decisions.get()).isEqualTo(alone);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** An engine that kept what it was given would grow by some 8 KB each time, 64 MB here. */
    @Test
    void evaluationLeavesNothingBehind() {
        ObjectNode input = Inputs.encrypt();
        for (int i = 0; i < 2_000; i++) {
            engine.authorise(input);
        }
        long before = usedHeap();

        for (int i = 0; i < 8_000; i++) {
            assertThat(engine.authorise(input).allow()).isTrue();
        }

        assertThat(usedHeap() - before).isLessThan(16L << 20);
    }

    @SuppressWarnings("GarbageCollection")
    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
