package dev.keyproof.policy.plan;

import org.jspecify.annotations.Nullable;

/** One run of an entry point: what its rules gave so far, and how much it may still do. Used by one thread. */
final class Evaluation {
    /** Blocks and turns of loops: some thousand times what the largest event needs, and well under a second. */
    private static final int MOST_STEPS = 5_000_000;

    private int steps;
    /** What each rule gave, by its number; {@link Function#NOTHING} where it gave nothing. */
    private @Nullable Object[] rules;

    private @Nullable Value returned;
    private @Nullable Value result;

    Evaluation(int functions) {
        this.rules = new Object[functions];
    }

    /** @throws Abort when it has done enough */
    void step() {
        if (++steps > MOST_STEPS) {
            throw new Abort("policy takes more than " + MOST_STEPS + " steps");
        }
    }

    @Nullable Object remembered(int rule) {
        return rules[rule];
    }

    void remember(int rule, Object given) {
        rules[rule] = given;
    }

    /** What rules give under another input or other data says nothing of what they give without; the old memory is put back after. */
    @Nullable Object[] forget() {
        @Nullable Object[] before = rules;
        rules = new Object[before.length];
        return before;
    }

    void recall(@Nullable Object[] before) {
        rules = before;
    }

    void returns(@Nullable Value value) {
        returned = value;
    }

    /** What the function that ended last gave back. */
    @Nullable Value returned() {
        return returned;
    }

    void results(Value value) {
        result = value;
    }

    /** What the entry point answered last; null where it is undefined. */
    @Nullable Value result() {
        return result;
    }
}
