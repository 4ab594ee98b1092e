package dev.keyproof.policy.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A plan as it stands in a bundle, {@code plan.json}. */
final class Source {
    /** The locals of each function that hold the input and the data. */
    static final int INPUT = 0;

    static final int DATA = 1;

    /** What of a statement is no operand. */
    private static final Set<String> NO_OPERANDS = Set.of(
            "file", "col", "row", "end_col", "end_row", "target", "result", "index", "Index", "capacity", "path");

    private final JsonNode plan;
    private final List<Value> strings = new ArrayList<>();
    private final List<Body> functions;

    Source(JsonNode plan) {
        this.plan = plan;
        this.functions = functions(plan);
        plan.path("static")
                .path("strings")
                .forEach(one -> strings.add(new Text(one.path("value").asText())));
    }

    /** A rule, a function or an entry point. */
    record Body(String name, List<String> path, int[] parameters, JsonNode blocks) {}

    List<Body> functions() {
        return functions;
    }

    private static List<Body> functions(JsonNode plan) {
        List<Body> functions = new ArrayList<>();
        for (JsonNode one : plan.path("funcs").path("funcs")) {
            List<String> path = new ArrayList<>();
            one.path("path").forEach(part -> path.add(part.asText()));
            int[] parameters = new int[one.path("params").size()];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = one.path("params").get(i).asInt();
            }
            functions.add(new Body(one.path("name").asText(), path, parameters, one.path("blocks")));
        }
        return List.copyOf(functions);
    }

    List<Body> entrypoints() {
        List<Body> entrypoints = new ArrayList<>();
        for (JsonNode one : plan.path("plans").path("plans")) {
            entrypoints.add(
                    new Body(one.path("name").asText(), List.of(), new int[] {INPUT, DATA}, one.path("blocks")));
        }
        return entrypoints;
    }

    /** @throws PlanException when there is no such string */
    Value string(int index) throws PlanException {
        if (index < 0 || index >= strings.size()) {
            throw new PlanException("the plan names a string that it does not have: " + index);
        }
        return strings.get(index);
    }

    /** Whether some statement puts other data in the place of the data: then nothing is known of them beforehand. */
    boolean replacesData() {
        return plan.findParents("local").stream()
                .anyMatch(with -> with.path("local").asInt(-1) == DATA);
    }

    /**
     * That nothing is denied which {@code opa} plans otherwise than it evaluates: under a {@code not}, a look by a variable key into a tree of
     * rules that are not all of one depth. A rule that holds is followed there by a search of the data for more, and where that fails the whole
     * is taken for undefined, so that the {@code not} would hold.
     *
     * @throws PlanException when there is one
     */
    void check() throws PlanException {
        for (Body one : functions) {
            for (JsonNode block : one.blocks()) {
                check(block, one, new HashMap<>(Map.of(DATA, List.of())), false);
            }
        }
    }

    /** @param stored where in the data the locals come from that were taken from them */
    private void check(JsonNode block, Body in, Map<Integer, List<Value>> stored, boolean denied) throws PlanException {
        for (JsonNode one : block.path("stmts")) {
            JsonNode statement = one.path("stmt");
            String type = one.path("type").asText();
            List<Value> from = stored.get(local(statement.path("source")));
            if (type.equals("DotStmt") && from != null) {
                if (statement.path("key").path("type").asText().equals("string_index")) {
                    List<Value> path = new ArrayList<>(from);
                    path.add(string(statement.path("key").path("value").asInt()));
                    stored.put(statement.path("target").asInt(), path);
                }
            } else if (type.equals("ScanStmt") && from != null && denied && holdsRules(from)) {
                throw new PlanException("policy denies by 'not' or 'every', in " + in.name()
                        + ", what rules of different depths say under a"
                        + " variable key: give them one depth, or name the rule");
            }
            boolean within = denied || type.equals("NotStmt");
            check(statement.path("block"), in, stored, within);
            for (JsonNode inner : statement.path("blocks")) {
                check(inner, in, stored, within);
            }
        }
    }

    private static int local(JsonNode operand) {
        return operand.isInt()
                ? operand.intValue()
                : operand.path("type").asText().equals("local")
                        ? operand.path("value").asInt(-1)
                        : -1;
    }

    /** Whether rules stand somewhere below that path. The first part of a rule's own path says where it is from. */
    private boolean holdsRules(List<Value> path) {
        return functions.stream()
                .map(Body::path)
                .anyMatch(rule -> rule.size() > path.size()
                        && rule.subList(1, path.size() + 1).equals(names(path)));
    }

    private static List<String> names(List<Value> path) {
        return path.stream().map(name -> ((Text) name).value()).toList();
    }

    /** The rules and functions that can see nothing of the input, whatever they call. */
    Set<String> blind() {
        Map<String, Set<String>> calls = new HashMap<>();
        Set<String> sighted = new HashSet<>();
        Set<String> own = functions.stream().map(Body::name).collect(Collectors.toSet());
        for (Body one : functions) {
            Set<String> called = new HashSet<>();
            if (sees(one.blocks(), called, own)) {
                sighted.add(one.name());
            }
            calls.put(one.name(), called);
        }
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<String, Set<String>> one : calls.entrySet()) {
                if (one.getValue().stream().anyMatch(sighted::contains)) {
                    more |= sighted.add(one.getKey());
                }
            }
        }
        Set<String> blind = new HashSet<>(calls.keySet());
        blind.removeAll(sighted);
        return blind;
    }

    /** Whether these blocks look at the input themselves; handing it on does not count, but what it is handed to is noted. */
    private static boolean sees(Iterable<JsonNode> blocks, Set<String> called, Set<String> own) {
        for (JsonNode block : blocks) {
            for (JsonNode statement : block.path("stmts")) {
                if (sees(statement.path("type").asText(), statement.path("stmt"), called, own)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean sees(String type, JsonNode statement, Set<String> called, Set<String> own) {
        switch (type) {
            case "AssignIntStmt", "MakeNumberIntStmt" -> {
                return false;
            }
            case "CallDynamicStmt" -> {
                return true;
            }
            case "CallStmt" -> called.add(statement.path("func").asText());
            default -> {}
        }
        for (Map.Entry<String, JsonNode> field : statement.properties()) {
            JsonNode value = field.getValue();
            boolean seen = switch (field.getKey()) {
                case "block" -> sees(List.of(value), called, own);
                case "blocks" -> sees(value, called, own);
                case "args" -> isInput(value.path(0)) ? looks(value, 1) : looks(value, 0);
                default -> !NO_OPERANDS.contains(field.getKey()) && isInput(value);
            };
            if (seen) {
                return true;
            }
        }
        return false;
    }

    private static boolean looks(JsonNode arguments, int from) {
        for (int i = from; i < arguments.size(); i++) {
            if (isInput(arguments.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Some statements name a local by its number alone. */
    private static boolean isInput(JsonNode operand) {
        return operand.isInt()
                ? operand.intValue() == INPUT
                : operand.path("type").asText().equals("local")
                        && operand.path("value").asInt() == INPUT;
    }

    /** All locals that a block may put something into, those within it too. */
    static Set<Integer> targets(JsonNode block) {
        Set<Integer> targets = new HashSet<>();
        targets(block, targets);
        return targets;
    }

    private static void targets(JsonNode block, Set<Integer> targets) {
        for (JsonNode one : block.path("stmts")) {
            JsonNode statement = one.path("stmt");
            for (String name : List.of("target", "result", "array", "set", "object")) {
                if (statement.path(name).isInt()) {
                    targets.add(statement.path(name).intValue());
                }
            }
            if (one.path("type").asText().equals("ScanStmt")) {
                targets.add(statement.path("key").asInt());
                targets.add(statement.path("value").asInt());
            }
            targets(statement.path("block"), targets);
            statement.path("blocks").forEach(inner -> targets(inner, targets));
        }
    }
}
