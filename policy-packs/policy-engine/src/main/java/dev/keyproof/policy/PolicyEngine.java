package dev.keyproof.policy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.plan.Plan;
import dev.keyproof.policy.plan.PlanException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides in process, for any number of threads at once, none of which waits for another. It is not serialisable: who runs elsewhere
 * carries {@link PolicyBundle#bytes()} there and loads again.
 */
public final class PolicyEngine {
    static final String DECISION = "keyproof/authz/decision";
    static final String EXPLANATION = "keyproof/authz/explanation";
    static final String RESULTS = "keyproof/compliance/results";

    /** Evaluations before the first real one, so that this one does not load classes. */
    private static final int WARM_UP = 200;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<RuleResult>> RULE_RESULTS = new TypeReference<>() {};

    private static final String KEY = "key";

    /** What no rule judges. */
    private static final JsonNode NOTHING =
            JsonNodeFactory.instance.objectNode().put("subject", "");

    private final String policyDigest;
    private final String dataDigest;
    private final JsonNode data;
    private final Plan plan;
    private final Reads reads;
    /** Whether the rules judge a key, whatever they are asked about. */
    private final boolean keysAlone;

    private PolicyEngine(PolicyBundle bundle, JsonNode data) throws PolicyException {
        this.policyDigest = bundle.digest();
        this.data = data;
        this.dataDigest = Digests.of(data);
        try {
            this.plan = Plan.of(bundle.plan(), data);
        } catch (PlanException e) {
            throw new PolicyException("policy cannot be loaded: " + e.getMessage(), e);
        }
        for (String needed : List.of(DECISION, RESULTS)) {
            if (!plan.entrypoints().contains(needed)) {
                throw new PolicyException("policy has no entry point " + needed + ": it has " + plan.entrypoints());
            }
        }
        this.reads = Reads.of(bundle.plan(), DECISION);
        this.keysAlone = !results(NOTHING).isEmpty();
        for (int i = 0; i < WARM_UP; i++) {
            authorise(NOTHING);
        }
    }

    /**
     * Loads the bundle with its own data. Takes tenths of a second.
     *
     * @throws PolicyException when the plan does not load or the parameters are out of their bounds
     */
    public static PolicyEngine load(PolicyBundle bundle) throws PolicyException {
        JsonNode data = bundle.data();
        Parameters.check(data, data.at("/keyproof/schemas/parameters"));
        return new PolicyEngine(bundle, data);
    }

    /** Loads the bundle, whatever its parameters. */
    static PolicyEngine unbounded(PolicyBundle bundle) throws PolicyException {
        return new PolicyEngine(bundle, bundle.data());
    }

    /** May this be done? Never throws: what cannot be decided is refused, and the reason says why. */
    public Decision authorise(JsonNode input) {
        try {
            Optional<JsonNode> result = plan.answer(DECISION, input);
            if (result.isEmpty()) {
                return refusal(Decision.UNDEFINED);
            }
            JsonNode allow = result.get().path("allow");
            return allow.isBoolean() ? decision(allow.booleanValue(), result.get()) : refusal(Decision.ERROR);
        } catch (PlanException e) {
            return refusal(Decision.ERROR);
        }
    }

    /**
     * Why a decision is as it is: the {@code decision} again, each of its {@code checks} with what it read and what the parameters ask, and
     * what the caller may be {@code told} of those that do not hold. Slower than a decision; nothing waits for it. Empty where the bundle
     * explains nothing.
     *
     * @throws PolicyException when it cannot be evaluated
     */
    public Optional<JsonNode> explain(JsonNode input) throws PolicyException {
        return plan.entrypoints().contains(EXPLANATION) ? ask(EXPLANATION, input) : Optional.empty();
    }

    /**
     * Is this sound: a key, or what {@code subject} says? Every rule's result, in the order of their names; none where the bundle is from
     * before there were rules for anything but keys.
     *
     * @throws PolicyException when the rules cannot be evaluated
     */
    public List<RuleResult> evaluate(JsonNode input) throws PolicyException {
        return keysAlone && !input.path("subject").asText(KEY).equals(KEY) ? List.of() : results(input);
    }

    private List<RuleResult> results(JsonNode input) throws PolicyException {
        JsonNode results = ask(RESULTS, input)
                .orElseThrow(() -> new PolicyException("policy leaves the rules' results undefined"));
        try {
            List<RuleResult> sorted = new ArrayList<>(JSON.convertValue(results, RULE_RESULTS));
            sorted.sort(Comparator.comparing(RuleResult::rule));
            return List.copyOf(sorted);
        } catch (IllegalArgumentException e) {
            throw new PolicyException("policy gives a result that is none: " + e.getMessage(), e);
        }
    }

    private Optional<JsonNode> ask(String entrypoint, JsonNode input) throws PolicyException {
        try {
            return plan.answer(entrypoint, input);
        } catch (PlanException e) {
            throw new PolicyException("policy evaluation failed: " + e.getMessage(), e);
        }
    }

    /** What {@link #authorise} can read of an input. */
    Reads reads() {
        return reads;
    }

    /** {@code sha256:} and the hex digest of the bundle's bytes. */
    public String policyDigest() {
        return policyDigest;
    }

    /** {@code sha256:} and the hex digest of the data in force, in canonical form. */
    public String dataDigest() {
        return dataDigest;
    }

    /** The data in force. */
    public JsonNode data() {
        return data.deepCopy();
    }

    private Decision refusal(String reason) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("allow", false);
        result.putArray("reasons").add(reason);
        result.putObject("obligations");
        return decision(false, result);
    }

    private Decision decision(boolean allow, JsonNode result) {
        List<String> reasons = new ArrayList<>();
        result.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        return new Decision(allow, reasons, result, policyDigest, dataDigest);
    }
}
