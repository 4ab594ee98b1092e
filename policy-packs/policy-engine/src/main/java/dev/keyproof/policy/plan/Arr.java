package dev.keyproof.policy.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array. */
final class Arr implements Value {
    private final List<Value> items;

    private Arr(List<Value> items) {
        this.items = items;
    }

    static Arr empty(int capacity) {
        return new Arr(new ArrayList<>(capacity));
    }

    /** Takes the list for its own. */
    static Arr of(List<Value> items) {
        return new Arr(items);
    }

    /** Only while it is built. */
    void add(Value item) {
        items.add(item);
    }

    List<Value> items() {
        return items;
    }

    @Override
    public @Nullable Value get(Value key) {
        if (!(key instanceof Num index) || !index.isLong()) {
            return null;
        }
        long at = index.asLong();
        return at >= 0 && at < items.size() ? items.get((int) at) : null;
    }

    @Override
    public Collection<Value> keys() {
        List<Value> indices = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            indices.add(Num.of(i));
        }
        return indices;
    }

    @Override
    public int rank() {
        return 4;
    }

    @Override
    public String type() {
        return "array";
    }

    @Override
    public int compareToSame(Value other) {
        return compare(items, ((Arr) other).items);
    }

    /** The first that differs decides, then the length. */
    static int compare(List<Value> one, List<Value> two) {
        int common = Math.min(one.size(), two.size());
        for (int i = 0; i < common; i++) {
            int order = Value.compare(one.get(i), two.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), two.size());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Arr array && items.equals(array.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }
}
