package dev.keyproof.policy.plan;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of Rego: what JSON has, and sets. Arrays, objects and sets are filled while they are built and never change after that. Values
 * are equal as Rego has it: {@code 1} is {@code 1.0}.
 */
sealed interface Value permits Nil, Bool, Num, Text, Arr, Obj, Members {
    /** Where its type stands in Rego's order of all values. */
    int rank();

    /** What {@code type_name} says. */
    String type();

    /** What stands at that key: an array's element, an object's value, a set's member; null where there is nothing. */
    default @Nullable Value get(Value key) {
        return null;
    }

    /** What a scan visits, in Rego's order. */
    default Collection<Value> keys() {
        return List.of();
    }

    /** Rego's order of values of one type. */
    int compareToSame(Value other);

    /** In Rego's order. The list is safe to hand from thread to thread without more ado, which what is shared relies on. */
    static List<Value> sorted(Collection<Value> values) {
        Value[] all = values.toArray(new Value[0]);
        Arrays.sort(all, Value::compare);
        return List.of(all);
    }

    /** Rego's order of all values. */
    static int compare(Value a, Value b) {
        return a.rank() == b.rank() ? a.compareToSame(b) : Integer.compare(a.rank(), b.rank());
    }
}
