package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.Reads.Place;
import dev.keyproof.policy.Reads.Read;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the input through a plan (OPA's intermediate representation). A local that a field of the input was put into stands for that
 * field's path; whatever is done with it, but for taking a field of it or asking whether it is there, reads the whole of it. What is
 * not known here is taken to read all that it is given. A block may be left anywhere, so what any of it put into a local may be there
 * after it: rather too much is found than too little.
 *
 * <p>A block goes on after a field was taken only if there was one, so what comes after in it is read only where the field is there.
 */
final class PlanReader {
    /** The local of each plan and function that holds the input. */
    private static final int INPUT = 0;

    private static final String OBJECT_GET = "object.get";

    private final List<String> strings = new ArrayList<>();
    private final Map<String, JsonNode> functions = new HashMap<>();
    private final Map<String, Called> called = new HashMap<>();
    /** What is read, and what is surely there where it is. */
    private final Map<Place, Set<List<String>>> reads = new LinkedHashMap<>();

    private boolean grown;

    /** What a function's parameters may stand for, which of them stand for nothing else, and what is surely there at each call. */
    private record Called(Locals parameters, Set<Integer> sure, Set<List<String>> given) {}

    /** The paths that each local may stand for. */
    private static final class Locals {
        private final Map<Integer, Set<List<String>>> paths = new HashMap<>();

        Set<List<String>> of(int local) {
            return paths.getOrDefault(local, Set.of());
        }

        void set(int local, Set<List<String>> to) {
            paths.put(local, to);
        }

        boolean add(int local, Set<List<String>> more) {
            return paths.computeIfAbsent(local, none -> new HashSet<>()).addAll(more);
        }

        boolean addAll(Locals more) {
            boolean added = false;
            for (Map.Entry<Integer, Set<List<String>>> one : more.paths.entrySet()) {
                added |= add(one.getKey(), one.getValue());
            }
            return added;
        }

        Locals copy() {
            Locals copy = new Locals();
            copy.addAll(this);
            return copy;
        }
    }

    /** A block being read: what its locals stand for now, all that it ever put into any, and what is surely there by now. */
    private static final class Frame {
        private final Locals now;
        private final Locals ever = new Locals();
        /** Locals that stand for what {@link #now} says and for nothing else. */
        private final Set<Integer> sure;

        private final Set<List<String>> given;

        Frame(Locals at, Set<Integer> sure, Set<List<String>> given) {
            this.now = at.copy();
            this.sure = new HashSet<>(sure);
            this.given = new HashSet<>(given);
        }

        Frame inner() {
            return new Frame(now, sure, given);
        }

        void set(JsonNode target, Set<List<String>> to, boolean surely) throws PolicyException {
            int local = number(target);
            now.set(local, new HashSet<>(to));
            ever.add(local, to);
            if (surely) {
                sure.add(local);
            } else {
                sure.remove(local);
            }
        }

        /** Something that is not of the input. */
        void set(JsonNode target) throws PolicyException {
            set(target, Set.of(), false);
        }

        /** An inner block was run, or a part of it, or none; whether that says more than was known. */
        boolean after(Frame inner) {
            ever.addAll(inner.ever);
            boolean more = now.addAll(inner.ever);
            return sure.removeAll(inner.ever.paths.keySet()) || more;
        }
    }

    private PlanReader(JsonNode plan) {
        plan.path("static")
                .path("strings")
                .forEach(one -> strings.add(one.path("value").asText()));
        plan.path("funcs")
                .path("funcs")
                .forEach(one -> functions.put(one.path("name").asText(), one));
    }

    static Collection<Read> reads(JsonNode plan, String entrypoint) throws PolicyException {
        for (JsonNode one : plan.path("plans").path("plans")) {
            if (one.path("name").asText().equals(entrypoint)) {
                return new PlanReader(plan).from(one);
            }
        }
        throw new PolicyException("the policy's plan has no entry point " + entrypoint);
    }

    /** Until nothing new is found: a function may be met before all is known of its arguments. */
    private Collection<Read> from(JsonNode plan) throws PolicyException {
        Locals entry = new Locals();
        entry.set(INPUT, Set.of(List.of()));
        do {
            grown = false;
            blocks(plan.path("blocks"), new Frame(entry, Set.of(INPUT), Set.of()));
            for (Map.Entry<String, Called> one : List.copyOf(called.entrySet())) {
                JsonNode function = functions.get(one.getKey());
                if (function != null) {
                    Called by = one.getValue();
                    blocks(function.path("blocks"), new Frame(by.parameters(), by.sure(), by.given()));
                }
            }
        } while (grown);
        return reads.entrySet().stream()
                .map(one -> new Read(one.getKey(), one.getValue()))
                .toList();
    }

    private void blocks(JsonNode blocks, Frame in) throws PolicyException {
        for (JsonNode block : blocks) {
            inner(block, in);
        }
    }

    private void inner(JsonNode block, Frame in) throws PolicyException {
        Frame frame = in.inner();
        for (JsonNode statement : block.path("stmts")) {
            statement(statement.path("type").asText(), statement.path("stmt"), frame);
        }
        in.after(frame);
    }

    /** What one turn of a loop leaves may be there in the next. */
    private void loop(JsonNode block, Frame in) throws PolicyException {
        boolean more = true;
        while (more) {
            Frame turn = in.inner();
            inner(block, turn);
            more = in.after(turn);
        }
    }

    private void statement(String type, JsonNode statement, Frame in) throws PolicyException {
        switch (type) {
            case "DotStmt" -> {
                boolean sure = isSure(statement.path("source"), in);
                Set<List<String>> taken =
                        dot(statement.path("source"), statement.path("key"), statement.path("target"), in);
                if (sure && taken.size() == 1) {
                    in.given.addAll(taken);
                }
            }
            case "AssignVarStmt", "AssignVarOnceStmt" ->
                in.set(
                        statement.path("target"),
                        paths(statement.path("source"), in),
                        isSure(statement.path("source"), in));
            case "NotEqualStmt" -> notEqual(statement.path("a"), statement.path("b"), in);
            case "IsDefinedStmt", "IsUndefinedStmt" -> read(statement.path("source"), true, in);
            case "CallStmt" -> {
                call(statement, in);
                in.set(statement.path("result"));
            }
            case "CallDynamicStmt" -> {
                callAny(statement, in);
                in.set(statement.path("result"));
            }
            case "BlockStmt" -> blocks(statement.path("blocks"), in);
            case "NotStmt" -> inner(statement.path("block"), in);
            case "ScanStmt" -> {
                whole(statement.path("source"), in);
                in.set(statement.path("key"));
                in.set(statement.path("value"));
                loop(statement.path("block"), in);
            }
            case "ResetLocalStmt", "AssignIntStmt", "MakeNumberIntStmt" -> in.set(statement.path("target"));
            case "BreakStmt" -> {}
            default -> unknown(statement, in);
        }
    }

    /** Reads whatever it names. */
    private void unknown(JsonNode statement, Frame in) throws PolicyException {
        for (Map.Entry<String, JsonNode> field : statement.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "file", "col", "row", "end_col", "end_row", "target", "capacity", "index" -> {}
                case "block" -> loop(value, in);
                case "blocks" -> blocks(value, in);
                default -> {
                    if (value.isArray()) {
                        value.forEach(one -> whole(one, in));
                    } else {
                        whole(value, in);
                    }
                }
            }
        }
        if (statement.has("target")) {
            in.set(statement.path("target"));
        }
    }

    /** The paths that were taken. */
    private Set<List<String>> dot(JsonNode source, JsonNode key, JsonNode target, Frame in) throws PolicyException {
        Optional<String> name = string(key);
        if (name.isEmpty()) {
            whole(source, in);
            whole(key, in);
            in.set(target);
            return Set.of();
        }
        Set<List<String>> fields = new HashSet<>();
        for (List<String> path : paths(source, in)) {
            List<String> field = new ArrayList<>(path);
            field.add(name.get());
            fields.add(List.copyOf(field));
        }
        // That there is such a field, or none, is seen, whatever is done with it then.
        fields.forEach(path -> note(new Place(path, true), in));
        in.set(target, fields, isSure(source, in));
        return fields;
    }

    /** How a plan asks for truth: is it not false? */
    private void notEqual(JsonNode a, JsonNode b, Frame in) {
        if (b.path("type").asText().equals("bool") && !b.path("value").asBoolean(true)) {
            read(a, true, in);
        } else {
            whole(a, in);
            whole(b, in);
        }
    }

    private void call(JsonNode call, Frame in) throws PolicyException {
        String name = call.path("func").asText();
        JsonNode arguments = call.path("args");
        JsonNode function = functions.get(name);
        if (function != null) {
            call(name, function, arguments, in);
        } else if (name.equals(OBJECT_GET) && string(arguments.path(1)).isPresent()) {
            // The field, or what stands in for it where there is none; the answer is as good as read.
            dot(arguments.path(0), arguments.path(1), call.path("result"), in);
            whole(call.path("result"), in);
            whole(arguments.path(2), in);
        } else {
            arguments.forEach(one -> whole(one, in));
        }
    }

    private void call(String name, JsonNode function, JsonNode arguments, Frame in) throws PolicyException {
        JsonNode parameters = function.path("params");
        if (parameters.size() != arguments.size()) {
            throw new PolicyException("the policy's plan calls " + name + " with other arguments than it has");
        }
        Called known = called.get(name);
        if (known == null) {
            Set<Integer> sure = new HashSet<>();
            parameters.forEach(one -> sure.add(one.asInt()));
            known = new Called(new Locals(), sure, new HashSet<>(in.given));
            called.put(name, known);
            grown = true;
        }
        grown |= known.given().retainAll(in.given);
        for (int i = 0; i < arguments.size(); i++) {
            int parameter = number(parameters.get(i));
            grown |= known.parameters().add(parameter, paths(arguments.get(i), in));
            if (!isSure(arguments.get(i), in)) {
                grown |= known.sure().remove(parameter);
            }
        }
    }

    /** A call of whichever function has that path, of which a part is known only when it runs. */
    private void callAny(JsonNode call, Frame in) throws PolicyException {
        JsonNode path = call.path("path");
        path.forEach(part -> whole(part, in));
        for (Map.Entry<String, JsonNode> function : functions.entrySet()) {
            if (matches(function.getValue().path("path"), path)) {
                call(function.getKey(), function.getValue(), call.path("args"), in);
            }
        }
    }

    /** Whether a call may mean that function: it may also name less of its path, or more. */
    private boolean matches(JsonNode function, JsonNode path) {
        for (int i = 0; i < Math.min(function.size(), path.size()); i++) {
            Optional<String> known = string(path.get(i));
            if (known.isPresent() && !known.get().equals(function.get(i).asText())) {
                return false;
            }
        }
        return true;
    }

    private void whole(JsonNode operand, Frame in) {
        read(operand, false, in);
    }

    private void read(JsonNode operand, boolean truth, Frame in) {
        for (List<String> path : paths(operand, in)) {
            note(new Place(path, truth), in);
        }
    }

    private void note(Place place, Frame in) {
        Set<List<String>> given = reads.get(place);
        if (given == null) {
            reads.put(place, new HashSet<>(in.given));
            grown = true;
        } else {
            grown |= given.retainAll(in.given);
        }
    }

    /** Some statements name a local by its number alone. */
    private static Set<List<String>> paths(JsonNode operand, Frame in) {
        if (operand.isInt()) {
            return in.now.of(operand.intValue());
        }
        return operand.path("type").asText().equals("local")
                ? in.now.of(operand.path("value").asInt())
                : Set.of();
    }

    private static boolean isSure(JsonNode operand, Frame in) {
        return in.sure.contains(
                        operand.isInt()
                                ? operand.intValue()
                                : operand.path("value").asInt(-1))
                && !paths(operand, in).isEmpty();
    }

    private Optional<String> string(JsonNode operand) {
        return operand.path("type").asText().equals("string_index")
                ? Optional.of(strings.get(operand.path("value").asInt()))
                : Optional.empty();
    }

    private static int number(JsonNode local) throws PolicyException {
        if (!local.isInt()) {
            throw new PolicyException("the policy's plan names a local that is no number: " + local);
        }
        return local.intValue();
    }
}
