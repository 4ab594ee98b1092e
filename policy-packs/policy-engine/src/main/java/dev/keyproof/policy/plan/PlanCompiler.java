package dev.keyproof.policy.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes what runs of a plan and of the data that it is to run over. */
final class PlanCompiler {
    private final Source source;
    private final Map<String, Function> functions;
    private final Rules rules = new Rules();
    private final Value data;
    private final boolean dataStay;

    /** @param always what rules are known to give whatever the input, by their names */
    private PlanCompiler(Source source, Value data, Map<String, Object> always) {
        this.source = source;
        this.data = data;
        this.dataStay = !source.replacesData();
        this.functions = new LinkedHashMap<>();
        for (Source.Body one : source.functions()) {
            Function function = new Function(functions.size(), one.parameters());
            Object given = always.get(one.name());
            if (given != null) {
                function.always(given);
            }
            functions.put(one.name(), function);
            rules.add(one.path(), function);
        }
    }

    /** Compiles twice: what rules give that see nothing of the input is known only once they can run. */
    static Plan compile(JsonNode plan, JsonNode data) throws PlanException {
        Source source = new Source(plan);
        source.check();
        Value over;
        try {
            over = Json.of(data);
        } catch (Abort e) {
            throw new PlanException("policy's data cannot be read: " + e.getMessage(), e);
        }
        PlanCompiler first = new PlanCompiler(source, over, Map.of());
        Plan unfolded = first.plan();
        return first.dataStay ? new PlanCompiler(source, over, first.constants(unfolded)).plan() : unfolded;
    }

    private Plan plan() throws PlanException {
        for (Source.Body one : source.functions()) {
            Function function = functions.get(one.name());
            if (function != null) {
                new BodyCompiler(this).compile(one, function);
            }
        }
        Map<String, Function> entrypoints = new HashMap<>();
        for (Source.Body one : source.entrypoints()) {
            Function entrypoint = new Function(functions.size() + entrypoints.size(), one.parameters());
            new BodyCompiler(this).compile(one, entrypoint);
            entrypoints.put(one.name(), entrypoint);
        }
        return new Plan(entrypoints, functions.size() + entrypoints.size(), data);
    }

    private Map<String, Object> constants(Plan plan) {
        Map<String, Object> constants = new HashMap<>();
        Set<String> blind = source.blind();
        functions.forEach((name, function) -> {
            if (function.isRule() && blind.contains(name)) {
                plan.constant(function).ifPresent(given -> constants.put(name, given));
            }
        });
        return constants;
    }

    @Nullable Function function(String name) {
        return functions.get(name);
    }

    Rules rules() {
        return rules;
    }

    /** The data; empty where a statement may put others in their place. */
    Optional<Value> data() {
        return dataStay ? Optional.of(data) : Optional.empty();
    }

    Value string(int index) throws PlanException {
        return source.string(index);
    }
}
