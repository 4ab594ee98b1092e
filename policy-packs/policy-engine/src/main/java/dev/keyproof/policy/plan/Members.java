package dev.keyproof.policy.plan;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A set. */
final class Members implements Value {
    private final Set<Value> members;
    /** In order; null until it is asked for. */
    private @Nullable List<Value> sorted;

    private Members(Set<Value> members) {
        this.members = members;
    }

    static Members empty() {
        return new Members(new HashSet<>());
    }

    static Members of(Collection<Value> members) {
        return new Members(new HashSet<>(members));
    }

    /** Only while it is built. */
    void add(Value member) {
        sorted = null;
        members.add(member);
    }

    Set<Value> all() {
        return members;
    }

    @Override
    public @Nullable Value get(Value key) {
        return members.contains(key) ? key : null;
    }

    @Override
    public List<Value> keys() {
        List<Value> known = sorted;
        if (known == null) {
            known = Value.sorted(members);
            sorted = known;
        }
        return known;
    }

    @Override
    public int rank() {
        return 6;
    }

    @Override
    public String type() {
        return "set";
    }

    @Override
    public int compareToSame(Value other) {
        return Arr.compare(keys(), ((Members) other).keys());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Members set && members.equals(set.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }
}
