package dev.keyproof.policy.plan;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The functions that {@code capabilities.json} admits, by their names in a plan. */
final class Builtins {
    private static final Map<String, Builtin> ALL = all();

    private Builtins() {}

    static Optional<Builtin> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Builtin> all() {
        Map<String, Builtin> all = new TreeMap<>();
        comparisons(all);
        types(all);
        Numbers.addTo(all);
        Texts.addTo(all);
        Composites.addTo(all);
        return Map.copyOf(all);
    }

    private static void comparisons(Map<String, Builtin> all) {
        all.put("eq", of -> Bool.of(of[0].equals(of[1])));
        all.put("equal", of -> Bool.of(of[0].equals(of[1])));
        all.put("neq", of -> Bool.of(!of[0].equals(of[1])));
        all.put("lt", of -> Bool.of(Value.compare(of[0], of[1]) < 0));
        all.put("lte", of -> Bool.of(Value.compare(of[0], of[1]) <= 0));
        all.put("gt", of -> Bool.of(Value.compare(of[0], of[1]) > 0));
        all.put("gte", of -> Bool.of(Value.compare(of[0], of[1]) >= 0));
    }

    private static void types(Map<String, Builtin> all) {
        all.put("type_name", of -> new Text(of[0].type()));
        all.put("is_null", of -> Bool.of(of[0] instanceof Nil));
        all.put("is_boolean", of -> Bool.of(of[0] instanceof Bool));
        all.put("is_number", of -> Bool.of(of[0] instanceof Num));
        all.put("is_string", of -> Bool.of(of[0] instanceof Text));
        all.put("is_array", of -> Bool.of(of[0] instanceof Arr));
        all.put("is_object", of -> Bool.of(of[0] instanceof Obj));
        all.put("is_set", of -> Bool.of(of[0] instanceof Members));
    }

    /** The whole number, brought within what an int holds; null where it is none. */
    static @Nullable Integer whole(Value value) {
        return value instanceof Num number && number.isLong()
                ? Integer.valueOf((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number.asLong())))
                : null;
    }
}
