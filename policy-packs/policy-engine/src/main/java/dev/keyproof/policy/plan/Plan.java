package dev.keyproof.policy.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A policy that can be asked, by any number of threads at once: it holds nothing but what it was made of. */
public final class Plan {
    /** Under which name a plan hands its answer out. */
    private static final Value RESULT = new Text("result");

    private static final @Nullable Value[] NO_LOCALS = {};

    private final SortedMap<String, Function> entrypoints;
    private final int functions;
    private final Value data;

    Plan(Map<String, Function> entrypoints, int functions, Value data) {
        this.entrypoints = Collections.unmodifiableSortedMap(new TreeMap<>(entrypoints));
        this.functions = functions;
        this.data = data;
    }

    /**
     * Makes a policy of its plan.
     *
     * @param plan the {@code plan.json} of a bundle
     * @param data what {@code data} is in it
     * @throws PlanException when it is no plan, or calls what {@link Builtins} does not have
     */
    public static Plan of(JsonNode plan, JsonNode data) throws PlanException {
        return PlanCompiler.compile(plan, data);
    }

    /** The names of what it can be asked, such as {@code keyproof/authz/decision}, in order. */
    public Set<String> entrypoints() {
        return entrypoints.keySet();
    }

    /**
     * What the policy says to an input.
     *
     * @return empty where it says nothing: the entry point is undefined
     * @throws PlanException when there is no such entry point, or the evaluation ended without an answer
     */
    public Optional<JsonNode> answer(String entrypoint, JsonNode input) throws PlanException {
        Function asked = entrypoints.get(entrypoint);
        if (asked == null) {
            throw new PlanException("policy has no entry point " + entrypoint + ": it has " + entrypoints());
        }
        try {
            Evaluation evaluation = new Evaluation(functions);
            run(asked, evaluation, Json.of(input));
            Value result = evaluation.result();
            Value answer = result == null ? null : result.get(RESULT);
            return answer == null ? Optional.empty() : Optional.of(Json.of(answer));
        } catch (Abort e) {
            throw new PlanException(String.valueOf(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new PlanException("policy calls itself too deep", e);
        }
    }

    /** What a rule gives that does not see the input: a value, or {@link Function#NOTHING}. Empty where it cannot be said. */
    Optional<Object> constant(Function rule) {
        try {
            Value given = run(rule, new Evaluation(functions), Nil.NULL);
            return Optional.of(given == null ? Function.NOTHING : given);
        } catch (Abort | StackOverflowError e) {
            return Optional.empty();
        }
    }

    private @Nullable Value run(Function function, Evaluation in, Value input) {
        return function.call(in, new Operand[] {new Operand.Known(input), new Operand.Known(data)}, NO_LOCALS);
    }
}
