package dev.keyproof.policy.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the statements of one body. What is known of the data is put in their place, so that it is looked up once and not each time. */
final class BodyCompiler {
    private final PlanCompiler plan;
    /** Locals that some statement reads; what is known to be in the others need not be written. */
    private BitSet needed = new BitSet();

    private BitSet read = new BitSet();
    /** Whether it is known by now what is needed. */
    private boolean pruning;

    private int locals;
    private final Map<Integer, Integer> made = new HashMap<>();
    private final Map<Integer, Integer> additions = new HashMap<>();

    BodyCompiler(PlanCompiler plan) {
        this.plan = plan;
    }

    /** Twice, for what is read is known only at the end. @throws PlanException when it is no body of a plan */
    void compile(Source.Body body, Function into) throws PlanException {
        count(body.blocks());
        blocks(body);
        needed = read;
        read = new BitSet();
        pruning = true;
        into.body(blocks(body), locals);
    }

    private List<Block> blocks(Source.Body body) throws PlanException {
        Known known = Known.nothing();
        locals = 0;
        for (int parameter : body.parameters()) {
            local(parameter);
        }
        plan.data().ifPresent(data -> known.put(body.parameters()[Source.DATA], data));
        return blocks(body.blocks(), known);
    }

    private void count(Iterable<JsonNode> blocks) {
        for (JsonNode block : blocks) {
            for (JsonNode one : block.path("stmts")) {
                JsonNode statement = one.path("stmt");
                switch (one.path("type").asText()) {
                    case "MakeArrayStmt", "MakeObjectStmt", "MakeSetStmt" ->
                        made.merge(statement.path("target").asInt(), 1, Integer::sum);
                    case "ArrayAppendStmt" ->
                        additions.merge(statement.path("array").asInt(), 1, Integer::sum);
                    case "SetAddStmt" -> additions.merge(statement.path("set").asInt(), 1, Integer::sum);
                    case "ObjectInsertStmt", "ObjectInsertOnceStmt" ->
                        additions.merge(statement.path("object").asInt(), 1, Integer::sum);
                    default -> {}
                }
                if (statement.has("block")) {
                    count(List.of(statement.path("block")));
                }
                count(statement.path("blocks"));
            }
        }
    }

    private List<Block> blocks(Iterable<JsonNode> blocks, Known known) throws PlanException {
        List<Block> compiled = new ArrayList<>();
        for (JsonNode block : blocks) {
            compiled.add(block(block, known));
        }
        return compiled;
    }

    private Block block(JsonNode block, Known outer) throws PlanException {
        Known known = outer.inner();
        List<Step> steps = new ArrayList<>();
        for (JsonNode one : block.path("stmts")) {
            statement(one.path("type").asText(), one.path("stmt"), known, steps);
        }
        outer.forgetTargets(block);
        steps.removeIf(Steps.Nothing.class::isInstance);
        return new Block(steps);
    }

    private void statement(String type, JsonNode of, Known known, List<Step> steps) throws PlanException {
        switch (type) {
            case "AssignVarStmt" -> assign(operand(of.path("source"), known), target(of, "target"), known, steps);
            case "AssignVarOnceStmt" -> {
                Operand source = operand(of.path("source"), known);
                int target = read(target(of, "target"));
                known.forget(target);
                steps.add(new Steps.AssignOnce(source, target));
            }
            case "AssignIntStmt", "MakeNumberIntStmt" ->
                know(Num.of(of.path("value").asLong()), target(of, "target"), known, steps);
            case "MakeNumberRefStmt" -> know(number(of), target(of, "target"), known, steps);
            case "MakeNullStmt" -> know(Nil.NULL, target(of, "target"), known, steps);
            case "MakeArrayStmt" -> make(Steps.Make.Kind.ARRAY, target(of, "target"), known, steps);
            case "MakeObjectStmt" -> make(Steps.Make.Kind.OBJECT, target(of, "target"), known, steps);
            case "MakeSetStmt" -> make(Steps.Make.Kind.SET, target(of, "target"), known, steps);
            case "ArrayAppendStmt" -> add(target(of, "array"), operand(of.path("value"), known), known, steps);
            case "SetAddStmt" -> add(target(of, "set"), operand(of.path("value"), known), known, steps);
            case "ObjectInsertStmt" -> insert(of, false, known, steps);
            case "ObjectInsertOnceStmt" -> insert(of, true, known, steps);
            case "ResetLocalStmt" -> {
                int target = target(of, "target");
                known.forget(target);
                steps.add(new Steps.Reset(target));
            }
            case "DotStmt" -> dot(of, known, steps);
            case "LenStmt" ->
                put(new Steps.Length(operand(of.path("source"), known), target(of, "target")), of, known, steps);
            case "ObjectMergeStmt" ->
                put(
                        new Steps.Merge(
                                operand(of.path("a"), known), operand(of.path("b"), known), target(of, "target")),
                        of,
                        known,
                        steps);
            case "EqualStmt" ->
                steps.add(new Steps.Compare(operand(of.path("a"), known), operand(of.path("b"), known), true));
            case "NotEqualStmt" ->
                steps.add(new Steps.Compare(operand(of.path("a"), known), operand(of.path("b"), known), false));
            case "IsArrayStmt" -> steps.add(new Steps.IsOf(operand(of.path("source"), known), Arr.class));
            case "IsObjectStmt" -> steps.add(new Steps.IsOf(operand(of.path("source"), known), Obj.class));
            case "IsSetStmt" -> steps.add(new Steps.IsOf(operand(of.path("source"), known), Members.class));
            case "IsDefinedStmt" -> steps.add(new Steps.Defined(operand(of.path("source"), known), true));
            case "IsUndefinedStmt" -> steps.add(new Steps.Defined(operand(of.path("source"), known), false));
            case "CallStmt" -> call(of, known, steps);
            case "CallDynamicStmt" -> callAt(of, known, steps);
            case "BlockStmt" -> steps.add(new Flow.Blocks(blocks(of.path("blocks"), known)));
            case "NotStmt" -> steps.add(new Flow.Not(block(of.path("block"), known)));
            case "ScanStmt" -> scan(of, known, steps);
            case "WithStmt" -> with(of, known, steps);
            case "BreakStmt" -> steps.add(new Steps.Break(of.path("index").asInt() + Step.LEAVE));
            case "ReturnLocalStmt" -> steps.add(new Steps.Return(operand(of.path("source"), known)));
            case "ResultSetAddStmt" -> steps.add(new Steps.Result(operand(of.path("value"), known)));
            case "NopStmt" -> {}
            default -> throw new PlanException("the plan has a statement that is not known here: " + type);
        }
    }

    private void assign(Operand source, int target, Known known, List<Step> steps) {
        if (source instanceof Operand.Known value) {
            know(value.value(), target, known, steps);
        } else {
            known.forget(target);
            steps.add(new Steps.Assign(source, target));
        }
    }

    /** From here on the local is known to hold that. */
    private void know(Value value, int target, Known known, List<Step> steps) {
        known.put(target, value);
        if (!pruning || needed.get(target)) {
            steps.add(new Steps.Assign(new Operand.Known(value), target));
        }
    }

    private static void put(Step step, JsonNode of, Known known, List<Step> steps) {
        known.forget(of.path("target").asInt());
        steps.add(step);
    }

    private void make(Steps.Make.Kind kind, int target, Known known, List<Step> steps) {
        known.forget(target);
        int more = additions.getOrDefault(target, 0);
        if (more == 0) {
            know(kind.empty(), target, known, steps);
            return;
        }
        if (made.getOrDefault(target, 0) == 1) {
            known.build(target, kind.empty(), more, steps.size());
        }
        steps.add(new Steps.Make(kind, target));
    }

    private void add(int target, Operand value, Known known, List<Step> steps) {
        Step step = new Steps.Add(target, value);
        if (value instanceof Operand.Known item) {
            addKnown(target, to -> Steps.Add.add(to, item.value()), step, known, steps);
        } else {
            known.forget(read(target));
            steps.add(step);
        }
    }

    private void insert(JsonNode of, boolean once, Known known, List<Step> steps) throws PlanException {
        int target = target(of, "object");
        Operand key = operand(of.path("key"), known);
        Operand value = operand(of.path("value"), known);
        Step step = new Steps.Insert(target, key, value, once);
        if (!once && key instanceof Operand.Known name && value instanceof Operand.Known field) {
            addKnown(target, to -> Steps.Insert.put(to, name.value(), field.value(), false), step, known, steps);
        } else {
            known.forget(read(target));
            steps.add(step);
        }
    }

    private void addKnown(int target, Known.Addition addition, Step step, Known known, List<Step> steps) {
        if (!known.isBuilding(target)) {
            read(target);
        }
        Optional<Known.Built> built = known.add(target, addition, steps.size());
        steps.add(step);
        built.ifPresent(whole -> {
            whole.places().forEach(place -> steps.set(place, new Steps.Nothing()));
            know(whole.value(), target, known, steps);
        });
    }

    private void dot(JsonNode of, Known known, List<Step> steps) throws PlanException {
        Operand source = operand(of.path("source"), known);
        Operand key = operand(of.path("key"), known);
        int target = target(of, "target");
        if (source instanceof Operand.Known from && key instanceof Operand.Known at) {
            given(from.value().get(at.value()), target, known, steps);
        } else {
            put(new Steps.Dot(source, key, target), of, known, steps);
        }
    }

    /** What is known to be that, or to be nothing, and then what comes after in the block is never reached. */
    private void given(@Nullable Value value, int target, Known known, List<Step> steps) {
        if (value == null) {
            known.forget(target);
            steps.add(new Steps.Reset(target));
            steps.add(new Steps.Break(Step.LEAVE));
        } else {
            know(value, target, known, steps);
        }
    }

    private void call(JsonNode of, Known known, List<Step> steps) throws PlanException {
        String name = of.path("func").asText();
        int target = target(of, "result");
        List<Operand> arguments = operands(of.path("args"), known);
        Function function = plan.function(name);
        if (function == null) {
            Builtin builtin = Builtins.named(name)
                    .orElseThrow(() -> new PlanException("policy calls " + name + ", which it may not"));
            if (!fold(builtin, arguments, target, known, steps)) {
                known.forget(target);
                steps.add(new Steps.CallBuiltin(builtin, arguments, target));
            }
            return;
        }
        if (function.parameters() != arguments.size()) {
            throw new PlanException("the plan calls " + name + " with other arguments than it has");
        }
        Object always = function.always();
        if (always != null) {
            given(always instanceof Value value ? value : null, target, known, steps);
        } else {
            known.forget(target);
            steps.add(new Steps.Call(function, arguments, target));
        }
    }

    /** A function of Rego's has no state, so of known arguments its answer is known. Whether they are. */
    private boolean fold(Builtin builtin, List<Operand> arguments, int target, Known known, List<Step> steps) {
        if (!arguments.stream().allMatch(Operand.Known.class::isInstance)) {
            return false;
        }
        Value[] values = arguments.stream()
                .map(argument -> ((Operand.Known) argument).value())
                .toArray(Value[]::new);
        try {
            given(builtin.call(values), target, known, steps);
            return true;
        } catch (Abort e) {
            return false;
        }
    }

    private void callAt(JsonNode of, Known known, List<Step> steps) throws PlanException {
        int target = target(of, "result");
        List<Operand> path = operands(of.path("path"), known);
        List<Operand> arguments = operands(of.path("args"), known);
        known.forget(target);
        steps.add(new Steps.CallAt(plan.rules(), path, arguments, target));
    }

    private void scan(JsonNode of, Known known, List<Step> steps) throws PlanException {
        Operand source = operand(of.path("source"), known);
        int key = target(of, "key");
        int value = target(of, "value");
        // One turn's leavings are there in the next.
        known.forgetTargets(of.path("block"));
        known.forget(key);
        known.forget(value);
        steps.add(new Flow.Scan(source, key, value, block(of.path("block"), known)));
    }

    private void with(JsonNode of, Known known, List<Step> steps) throws PlanException {
        int replaced = read(target(of, "local"));
        List<Value> path = new ArrayList<>();
        for (JsonNode part : of.path("path")) {
            path.add(plan.string(part.asInt()));
        }
        Operand value = operand(of.path("value"), known);
        Known within = known.inner();
        within.forget(replaced);
        Block block = block(of.path("block"), within);
        known.forgetTargets(of.path("block"));
        steps.add(new Flow.With(replaced, path, value, block));
    }

    private Value number(JsonNode of) throws PlanException {
        Value digits = plan.string(of.path("index").asInt(of.path("Index").asInt()));
        try {
            return Num.of(new BigDecimal(((Text) digits).value()));
        } catch (NumberFormatException | Abort e) {
            throw new PlanException("the plan has a number that is none: " + digits, e);
        }
    }

    private List<Operand> operands(JsonNode of, Known known) throws PlanException {
        List<Operand> operands = new ArrayList<>();
        for (JsonNode one : of) {
            operands.add(operand(one, known));
        }
        return operands;
    }

    /** Some statements name a local by its number alone. */
    private Operand operand(JsonNode of, Known known) throws PlanException {
        if (of.isInt()) {
            return operand(of.intValue(), known);
        }
        JsonNode value = of.path("value");
        return switch (of.path("type").asText()) {
            case "local" -> operand(value.asInt(), known);
            case "string_index" -> new Operand.Known(plan.string(value.asInt()));
            case "bool" -> new Operand.Known(Bool.of(value.asBoolean()));
            default -> throw new PlanException("the plan has an operand that is not known here: " + of);
        };
    }

    private Operand operand(int local, Known known) {
        Optional<Value> value = known.read(local);
        return value.isPresent() ? new Operand.Known(value.get()) : new Operand.Local(read(local));
    }

    private int read(int local) {
        read.set(local);
        return local(local);
    }

    private int target(JsonNode of, String name) throws PlanException {
        if (!of.path(name).canConvertToInt() || of.path(name).intValue() < 0) {
            throw new PlanException("the plan has a statement without a local for its " + name);
        }
        return local(of.path(name).intValue());
    }

    private int local(int number) {
        locals = Math.max(locals, number + 1);
        return number;
    }
}
