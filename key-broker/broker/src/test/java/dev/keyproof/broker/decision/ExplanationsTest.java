package dev.keyproof.broker.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.policy.PolicySource;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.Told;
import dev.keyproof.broker.throttle.Throttle;
import dev.keyproof.event.Extension;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.Decision;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** When a refusal is explained, and that it is the same refusal where it is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectNode LIMITS = limits();

    private PolicyInForce policy;

    @BeforeAll
    void load() throws Exception {
        policy = PolicyInForce.of(new PolicySource(null, BundleTrust.of(null, null, false), data -> {}));
    }

    private static ObjectNode limits() {
        ObjectNode limits = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("caller", "key", "explanations")) {
            limits.putObject(name).put("perSecond", 1).put("burst", 2);
        }
        return limits;
    }

    private static Call call(boolean explained) {
        return new Call(
                "01R",
                new Caller("app", Caller.Method.TOKEN, List.of("application"), List.of(), null),
                "192.0.2.1",
                null,
                null,
                null,
                null,
                explained,
                Instant.EPOCH,
                0);
    }

    /** By the policy in force, or by another one. */
    private Verdict refusal(String reason, String policyDigest) throws Exception {
        Decision decision = new Decision(
                false, List.of(reason), JSON.readTree("{\"allow\":false}"), policyDigest, policy.dataDigest());
        return new Verdict(
                decision,
                decision.recorded(
                        JSON.readTree("{\"operation\":\"CreateKey\",\"actor\":{\"id\":\"app\",\"roles\":[]}}")));
    }

    private static ProblemException refused(Explanations explanations, Call call, Verdict verdict, boolean transition) {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> explanations.require(call, verdict, true, transition));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private List<Told> told(ObjectNode limits, Call call, Verdict verdict) {
        ProblemException refusal = refused(new Explanations(policy, new Throttle(() -> limits)), call, verdict, false);
        assertThat(refusal.problem()).isEqualTo(Problem.DENIED);
        assertThat(refusal.reasons()).isEqualTo(verdict.decision().reasons());
        return refusal.explanation();
    }

    @Test
    void whoAsksIsToldByThePolicyThatRefused() throws Exception {
        Verdict verdict = refusal("role-not-permitted", policy.policyDigest());

        assertThat(told(LIMITS, call(true), verdict)).extracting(Told::code).contains("role-not-permitted");
        assertThat(told(LIMITS, call(false), verdict)).isEmpty();
    }

    @Test
    void anotherPolicyDoesNotExplainForTheOneThatRefused() throws Exception {
        assertThat(told(LIMITS, call(true), refusal("role-not-permitted", "sha256:before")))
                .isEmpty();
    }

    @Test
    void withoutASettingThereAreNone() throws Exception {
        assertThat(told(LIMITS.deepCopy().without("explanations"), call(true), refusal("x", policy.policyDigest())))
                .isEmpty();
    }

    @Test
    void whatCannotBeExplainedIsRefusedAllTheSame() throws Exception {
        Verdict verdict = refusal("x", policy.policyDigest());
        Verdict broken = new Verdict(
                verdict.decision(),
                new Extension.Decision(
                        false,
                        policy.policyDigest(),
                        policy.dataDigest(),
                        JsonNodeFactory.instance.pojoNode(new Object()),
                        verdict.decision().result()));

        assertThat(told(LIMITS, call(true), broken)).isEmpty();
    }

    @Test
    void aRefusalThatIsNotADenialTakesNoExplanation() throws Exception {
        Explanations explanations = new Explanations(policy, new Throttle(() -> LIMITS));
        for (int i = 0; i < 5; i++) {
            ProblemException refusal =
                    refused(explanations, call(true), refusal("key-state", policy.policyDigest()), true);
            assertThat(refusal.problem()).isEqualTo(Problem.ILLEGAL_STATE);
            assertThat(refusal.explanation()).isEmpty();
        }

        ProblemException denial =
                refused(explanations, call(true), refusal("role-not-permitted", policy.policyDigest()), true);
        assertThat(denial.explanation()).isNotEmpty();
    }
}
