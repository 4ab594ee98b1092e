package dev.keyproof.policy.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that ask, take and put; see {@link Flow} for those that hold others. */
final class Steps {
    private Steps() {}

    /** Puts what is there, or that nothing is, into a local. */
    record Assign(Operand source, int target) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            locals[target] = source.in(locals);
            return NEXT;
        }
    }

    /** The same, but for a rule that may have been given a value by another of its bodies: they must agree. */
    record AssignOnce(Operand source, int target) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value value = source.in(locals);
            Value before = locals[target];
            if (before != null && !before.equals(value)) {
                throw new Abort("a rule has two values at once");
            }
            locals[target] = value;
            return NEXT;
        }
    }

    record Reset(int target) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            locals[target] = null;
            return NEXT;
        }
    }

    /** Takes what stands at a key; leaves where nothing does. */
    record Dot(Operand source, Operand key, int target) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value from = source.in(locals);
            Value at = key.in(locals);
            Value found = from == null || at == null ? null : from.get(at);
            locals[target] = found;
            return found == null ? LEAVE : NEXT;
        }
    }

    /** Leaves unless the two are equal, or unless they are not. */
    record Compare(Operand a, Operand b, boolean equal) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value one = a.in(locals);
            Value two = b.in(locals);
            return one != null && two != null && one.equals(two) == equal ? NEXT : LEAVE;
        }
    }

    /** Leaves where something was put there, or where nothing was. */
    record Defined(Operand source, boolean asked) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            return (source.in(locals) != null) == asked ? NEXT : LEAVE;
        }
    }

    record IsOf(Operand source, Class<? extends Value> type) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            return type.isInstance(source.in(locals)) ? NEXT : LEAVE;
        }
    }

    /** Makes an empty array, object or set. */
    record Make(Kind kind, int target) implements Step {
        enum Kind {
            ARRAY,
            OBJECT,
            SET;

            Value empty() {
                return switch (this) {
                    case ARRAY -> Arr.empty(4);
                    case OBJECT -> Obj.empty();
                    case SET -> Members.empty();
                };
            }
        }

        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            locals[target] = kind.empty();
            return NEXT;
        }
    }

    /** Adds to the array or set that is being built in a local. */
    record Add(int target, Operand value) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value item = value.in(locals);
            if (item == null) {
                return LEAVE;
            }
            add(locals[target], item);
            return NEXT;
        }

        static void add(@Nullable Value to, Value item) {
            if (to instanceof Arr array) {
                array.add(item);
            } else if (to instanceof Members set) {
                set.add(item);
            } else {
                throw new Abort("the plan adds to what is neither an array nor a set");
            }
        }
    }

    /** Puts a field into the object that is being built in a local. */
    record Insert(int target, Operand key, Operand value, boolean once) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value name = key.in(locals);
            Value field = value.in(locals);
            if (name == null || field == null) {
                return LEAVE;
            }
            put(locals[target], name, field, once);
            return NEXT;
        }

        static void put(@Nullable Value to, Value name, Value field, boolean once) {
            if (!(to instanceof Obj object)) {
                throw new Abort("the plan puts a field into what is no object");
            }
            Value before = once ? object.get(name) : null;
            if (before != null && !before.equals(field)) {
                throw new Abort("an object has two values at once for one key");
            }
            object.put(name, field);
        }
    }

    /** What the second lacks, or has an object for too, is taken from the first. */
    record Merge(Operand a, Operand b, int target) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value one = a.in(locals);
            Value two = b.in(locals);
            // The first wins in a plan, the second in object.union.
            locals[target] = one instanceof Obj first && two instanceof Obj second
                    ? Composites.merged(second, first)
                    : one == null ? two : one;
            return NEXT;
        }
    }

    record Length(Operand source, int target) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value of = source.in(locals);
            Value length = of == null ? null : Composites.count(of);
            locals[target] = length;
            return length == null ? LEAVE : NEXT;
        }
    }

    /** In the place of a statement that was not needed after all. */
    record Nothing() implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            return NEXT;
        }
    }

    record Break(int blocks) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            return blocks;
        }
    }

    record Return(Operand source) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            in.returns(source.in(locals));
            return RETURN;
        }
    }

    record Result(Operand source) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value value = source.in(locals);
            if (value != null) {
                in.results(value);
            }
            return NEXT;
        }
    }

    /** Calls one of the policy's own. */
    static final class Call implements Step {
        private final Function function;
        private final Operand[] arguments;
        private final int target;

        Call(Function function, List<Operand> arguments, int target) {
            this.function = function;
            this.arguments = arguments.toArray(new Operand[0]);
            this.target = target;
        }

        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value given = function.call(in, arguments, locals);
            locals[target] = given;
            return given == null ? LEAVE : NEXT;
        }
    }

    /** Calls one of Rego's. */
    static final class CallBuiltin implements Step {
        private final Builtin function;
        private final Operand[] arguments;
        private final int target;

        CallBuiltin(Builtin function, List<Operand> arguments, int target) {
            this.function = function;
            this.arguments = arguments.toArray(new Operand[0]);
            this.target = target;
        }

        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value[] values = new Value[arguments.length];
            for (int i = 0; i < values.length; i++) {
                Value value = arguments[i].in(locals);
                if (value == null) {
                    return LEAVE;
                }
                values[i] = value;
            }
            Value given = function.call(values);
            locals[target] = given;
            return given == null ? LEAVE : NEXT;
        }
    }

    /** Calls the rule at a path of which a part is known only now: none there leaves the block, one that is undefined leaves three more. */
    static final class CallAt implements Step {
        private static final int RULE_UNDEFINED = 4;

        private final Rules at;
        private final Operand[] path;
        private final Operand[] arguments;
        private final int target;

        CallAt(Rules at, List<Operand> path, List<Operand> arguments, int target) {
            this.at = at;
            this.path = path.toArray(new Operand[0]);
            this.arguments = arguments.toArray(new Operand[0]);
            this.target = target;
        }

        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Rules found = at;
            for (Operand part : path) {
                Value key = part.in(locals);
                found = found == null || key == null ? null : found.below(key);
            }
            Function function = found == null ? null : found.rule();
            if (function == null) {
                return LEAVE;
            }
            Value given = function.call(in, arguments, locals);
            locals[target] = given;
            return given == null ? RULE_UNDEFINED : NEXT;
        }
    }
}
