package dev.keyproof.policy.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that hold others. */
final class Flow {
    private Flow() {}

    /** Blocks one after another; one that is left goes on with the next. */
    record Blocks(List<Block> blocks) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            for (Block block : blocks) {
                int left = Step.outside(block.run(in, locals));
                if (left != NEXT) {
                    return left;
                }
            }
            return NEXT;
        }
    }

    /** Leaves if the block runs to its end. */
    record Not(Block block) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            int left = block.run(in, locals);
            return left == NEXT ? LEAVE : Step.outside(left);
        }
    }

    /** Runs the block for each element, in order. One level is the turn, which a block that is left ends, the other the loop. */
    record Scan(Operand source, int key, int value, Block block) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value over = source.in(locals);
            if (over instanceof Arr array) {
                for (int i = 0; i < array.items().size(); i++) {
                    int left = turn(in, locals, Num.of(i), array.items().get(i));
                    if (left != NEXT) {
                        return Step.outside(left);
                    }
                }
            } else if (over != null) {
                for (Value at : over.keys()) {
                    int left = turn(in, locals, at, over.get(at));
                    if (left != NEXT) {
                        return Step.outside(left);
                    }
                }
            }
            return NEXT;
        }

        private int turn(Evaluation in, @Nullable Value[] locals, Value at, @Nullable Value item) {
            locals[key] = at;
            locals[value] = item;
            return Step.outside(block.run(in, locals));
        }
    }

    /** Runs the block with something else in the place of the input, the data or a part of them, and leaves if the block was left. */
    record With(int local, List<Value> path, Operand value, Block block) implements Step {
        @Override
        public int run(Evaluation in, @Nullable Value[] locals) {
            Value before = locals[local];
            Value other = value.in(locals);
            if (other == null) {
                return LEAVE;
            }
            @Nullable Object[] remembered = in.forget();
            locals[local] = replaced(before, 0, other);
            int left = block.run(in, locals);
            locals[local] = before;
            in.recall(remembered);
            return left == LEAVE ? LEAVE : Step.outside(left);
        }

        private Value replaced(@Nullable Value in, int depth, Value by) {
            if (depth == path.size()) {
                return by;
            }
            Obj copy = in instanceof Obj object ? object.copy() : Obj.empty();
            Value key = path.get(depth);
            copy.put(key, replaced(copy.get(key), depth + 1, by));
            return copy;
        }
    }
}
