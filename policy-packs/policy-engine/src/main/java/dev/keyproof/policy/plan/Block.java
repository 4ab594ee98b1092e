package dev.keyproof.policy.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements one after another, until one leaves. */
final class Block implements Step {
    private final Step[] steps;

    Block(List<Step> steps) {
        this.steps = steps.toArray(new Step[0]);
    }

    @Override
    public int run(Evaluation in, @Nullable Value[] locals) {
        in.step();
        for (Step step : steps) {
            int left = step.run(in, locals);
            if (left != NEXT) {
                return left;
            }
        }
        return NEXT;
    }
}
