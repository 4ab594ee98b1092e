package dev.keyproof.policy.plan;

import org.jspecify.annotations.Nullable;

/** A statement of a plan. */
interface Step {
    /** Go on with the next statement. */
    int NEXT = 0;

    /** Leave the block: what was asked does not hold, or is not there. */
    int LEAVE = 1;

    /** Leave the function. */
    int RETURN = -1;

    /** Runs it. @return {@link #NEXT}, {@link #RETURN}, or how many blocks are to be left, the one that it stands in among them */
    int run(Evaluation in, @Nullable Value[] locals);

    /** What a block was left with, as the statement that holds the block has it: one block fewer. */
    static int outside(int left) {
        return left > NEXT ? left - LEAVE : left;
    }
}
