package dev.keyproof.policy.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule, or a function of a policy. A rule has no parameters but the input and the data, and is evaluated once. */
final class Function {
    /** What a rule gave that gave nothing. */
    static final Object NOTHING = new Object();

    private static final int RULE_PARAMETERS = 2;

    private final int number;
    private final int[] parameters;
    private List<Block> blocks = List.of();
    private int locals;
    /** What it gives whatever the input; null where that is not known. */
    private @Nullable Object always;

    Function(int number, int[] parameters) {
        this.number = number;
        this.parameters = parameters.clone();
    }

    boolean isRule() {
        return parameters.length == RULE_PARAMETERS;
    }

    int parameters() {
        return parameters.length;
    }

    /** Once, before the first call. */
    void body(List<Block> body, int size) {
        blocks = body;
        locals = size;
    }

    /** That it gives this, {@link #NOTHING} or a value, whatever the input. */
    void always(Object given) {
        always = given;
    }

    /** A value, {@link #NOTHING}, or null where it depends. */
    @Nullable Object always() {
        return always;
    }

    /** Calls it with values for its parameters; null where it is undefined. */
    @Nullable Value call(Evaluation in, Operand[] arguments, @Nullable Value[] caller) {
        if (!isRule()) {
            return run(in, arguments, caller);
        }
        Object known = always == null ? in.remembered(number) : always;
        if (known == null) {
            Value given = run(in, arguments, caller);
            known = given == null ? NOTHING : given;
            in.remember(number, known);
        }
        return known instanceof Value value ? value : null;
    }

    private @Nullable Value run(Evaluation in, Operand[] arguments, @Nullable Value[] caller) {
        @Nullable Value[] own = new Value[locals];
        for (int i = 0; i < arguments.length; i++) {
            own[parameters[i]] = arguments[i].in(caller);
        }
        for (Block block : blocks) {
            if (block.run(in, own) == Step.RETURN) {
                return in.returned();
            }
        }
        return null;
    }
}
