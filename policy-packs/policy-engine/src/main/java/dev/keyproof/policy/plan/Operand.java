package dev.keyproof.policy.plan;

import org.jspecify.annotations.Nullable;

/** Where a statement finds a value. */
interface Operand {
    /** Null where nothing was put there. */
    @Nullable Value in(@Nullable Value[] locals);

    /** A value known when the plan was read. */
    record Known(Value value) implements Operand {
        @Override
        public Value in(@Nullable Value[] locals) {
            return value;
        }
    }

    /** A local of the function. */
    record Local(int number) implements Operand {
        @Override
        public @Nullable Value in(@Nullable Value[] locals) {
            return locals[number];
        }
    }
}
