package dev.keyproof.policy.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object; a key may be any value. */
final class Obj implements Value {
    private final Map<Value, Value> fields;
    /** In order; null until it is asked for. */
    private @Nullable List<Value> sorted;

    private Obj(Map<Value, Value> fields) {
        this.fields = fields;
    }

    static Obj empty() {
        return new Obj(new HashMap<>());
    }

    static Obj empty(int expected) {
        return new Obj(new HashMap<>(expected * 4 / 3 + 1));
    }

    Obj copy() {
        return new Obj(new HashMap<>(fields));
    }

    /** Only while it is built. */
    void put(Value key, Value value) {
        sorted = null;
        fields.put(key, value);
    }

    int size() {
        return fields.size();
    }

    /** What stands at one of its keys. */
    Value field(Value key) {
        return Objects.requireNonNull(fields.get(key));
    }

    Map<Value, Value> fields() {
        return fields;
    }

    @Override
    public @Nullable Value get(Value key) {
        return fields.get(key);
    }

    @Override
    public List<Value> keys() {
        List<Value> known = sorted;
        if (known == null) {
            known = Value.sorted(fields.keySet());
            sorted = known;
        }
        return known;
    }

    @Override
    public int rank() {
        return 5;
    }

    @Override
    public String type() {
        return "object";
    }

    /** Key by key and value by value, in the order of the keys. */
    @Override
    public int compareToSame(Value other) {
        Obj object = (Obj) other;
        List<Value> one = keys();
        List<Value> two = object.keys();
        int common = Math.min(one.size(), two.size());
        for (int i = 0; i < common; i++) {
            int order = Value.compare(one.get(i), two.get(i));
            if (order == 0) {
                order = Value.compare(field(one.get(i)), object.field(two.get(i)));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), two.size());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Obj object && fields.equals(object.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }
}
