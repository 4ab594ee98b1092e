package dev.keyproof.policy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides in process. Safe for use by many threads; at most as many decide at once as the pool has instances, the others wait
 * for a moment and are then refused. It is not serialisable: who runs elsewhere carries {@link PolicyBundle#bytes()} there and
 * loads again.
 */
public final class PolicyEngine implements AutoCloseable {
    /** How long a caller waits for a free instance; a decision takes some tens of microseconds, the first ones far more. */
    public static final Duration WAIT = Duration.ofSeconds(1);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<RuleResult>> RULE_RESULTS = new TypeReference<>() {};

    private static final String KEY = "key";

    /** What no rule judges. */
    private static final JsonNode NOTHING =
            JsonNodeFactory.instance.objectNode().put("subject", "");

    private final String policyDigest;
    private final String dataDigest;
    private final JsonNode data;
    private final JsonNode plan;
    private final EvaluatorPool pool;
    /** Whether the rules judge a key, whatever they are asked about. */
    private final boolean keysAlone;

    private PolicyEngine(String policyDigest, String dataDigest, JsonNode data, JsonNode plan, EvaluatorPool pool)
            throws PolicyException {
        this.policyDigest = policyDigest;
        this.dataDigest = dataDigest;
        this.data = data;
        this.plan = plan;
        this.pool = pool;
        this.keysAlone = !results(NOTHING).isEmpty();
    }

    /**
     * Loads the bundle with its own data. Takes seconds for the first instance, less for each further one.
     *
     * @param poolSize how many decisions may be made at once, at least 1
     * @throws PolicyException when the module does not load or the parameters are out of their bounds
     */
    public static PolicyEngine load(PolicyBundle bundle, int poolSize) throws PolicyException {
        return open(bundle, poolSize, WAIT);
    }

    static PolicyEngine open(PolicyBundle bundle, int poolSize, Duration wait) throws PolicyException {
        JsonNode data = bundle.data();
        Parameters.check(data, data.at("/keyproof/schemas/parameters"));
        return over(bundle, data, EvaluatorPool.filled(() -> Evaluator.build(bundle.wasm(), data), poolSize, wait));
    }

    static PolicyEngine over(PolicyBundle bundle, JsonNode data, EvaluatorPool pool) throws PolicyException {
        return new PolicyEngine(bundle.digest(), Digests.of(data), data, bundle.plan(), pool);
    }

    /** May this be done? Never throws: what cannot be decided is refused, and the reason says why. */
    public Decision authorise(JsonNode input) {
        try {
            Optional<JsonNode> result = pool.ask(evaluator -> evaluator.decide(input));
            if (result.isEmpty()) {
                return refusal(Decision.UNDEFINED);
            }
            JsonNode allow = result.get().path("allow");
            return allow.isBoolean() ? decision(allow.booleanValue(), result.get()) : refusal(Decision.ERROR);
        } catch (PolicyException e) {
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
        return pool.ask(evaluator -> evaluator.explain(input));
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
        JsonNode results = pool.ask(evaluator -> evaluator.results(input))
                .orElseThrow(() -> new PolicyException("policy leaves the rules' results undefined"));
        try {
            List<RuleResult> sorted = new ArrayList<>(JSON.convertValue(results, RULE_RESULTS));
            sorted.sort(Comparator.comparing(RuleResult::rule));
            return List.copyOf(sorted);
        } catch (IllegalArgumentException e) {
            throw new PolicyException("policy gives a result that is none: " + e.getMessage(), e);
        }
    }

    /** What {@link #authorise} can read of an input; empty where the bundle does not say how it was made. */
    Optional<Reads> reads() throws PolicyException {
        return plan.isMissingNode() ? Optional.empty() : Optional.of(Reads.of(plan, Evaluator.DECISION));
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

    @Override
    public void close() {
        pool.close();
    }
}
