package dev.keyproof.policy.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The policy's rules by their paths. */
final class Rules {
    private final Map<Value, Rules> below = new HashMap<>();
    private @Nullable Function rule;

    void add(List<String> path, Function function) {
        Rules at = this;
        for (String part : path) {
            at = at.below.computeIfAbsent(new Text(part), none -> new Rules());
        }
        at.rule = function;
    }

    @Nullable Rules below(Value key) {
        return below.get(key);
    }

    /** The rule at this very path. */
    @Nullable Function rule() {
        return rule;
    }
}
