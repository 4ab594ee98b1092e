package dev.keyproof.policy.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** What Rego asks of arrays, objects and sets. */
final class Composites {
    /** Deeper than any document; see {@link Json}. */
    private static final int DEEPEST = 500;

    private Composites() {}

    static void addTo(Map<String, Builtin> all) {
        all.put("count", of -> count(of[0]));
        all.put("max", of -> best(of[0], (a, b) -> Value.compare(a, b) >= 0 ? a : b));
        all.put("min", of -> best(of[0], (a, b) -> Value.compare(a, b) <= 0 ? a : b));
        all.put("sort", of -> sorted(of[0]));
        all.put("and", of -> of[0] instanceof Members a && of[1] instanceof Members b ? intersection(a, b) : null);
        all.put("or", of -> of[0] instanceof Members a && of[1] instanceof Members b ? union(a, b) : null);
        all.put("intersection", of -> over(of[0], Composites::intersection));
        all.put("union", of -> over(of[0], Composites::union));
        all.put("internal.member_2", of -> Bool.of(isMember(of[0], of[1])));
        all.put("internal.member_3", of -> Bool.of(isAt(of[0], of[1], of[2])));
        all.put("array.concat", of -> concatenated(of[0], of[1]));
        all.put("array.slice", of -> slice(of[0], of[1], of[2]));
        all.put("object.get", of -> field(of[0], of[1], of[2]));
        all.put(
                "object.keys",
                of -> of[0] instanceof Obj object ? Members.of(object.fields().keySet()) : null);
        all.put("object.remove", of -> without(of[0], of[1]));
        all.put("object.union", of -> of[0] instanceof Obj a && of[1] instanceof Obj b ? merged(a, b, 0) : null);
        all.put("walk", of -> walk(of[0]));
    }

    static @Nullable Value count(Value value) {
        if (value instanceof Text text) {
            return Num.of(text.value().codePointCount(0, text.value().length()));
        } else if (value instanceof Obj object) {
            return Num.of(object.size());
        }
        Collection<Value> items = items(value);
        return items == null ? null : Num.of(items.size());
    }

    /** Of an array or a set; null for anything else. */
    private static @Nullable Collection<Value> items(Value value) {
        return value instanceof Arr array ? array.items() : value instanceof Members set ? set.all() : null;
    }

    private static @Nullable Value best(Value value, BinaryOperator<Value> better) {
        Collection<Value> items = items(value);
        return items == null ? null : items.stream().reduce(better).orElse(null);
    }

    private static @Nullable Value sorted(Value value) {
        Collection<Value> items = items(value);
        return items == null ? null : Arr.of(Value.sorted(items));
    }

    private static Members intersection(Members one, Members two) {
        Members both = Members.empty();
        one.all().stream().filter(two.all()::contains).forEach(both::add);
        return both;
    }

    private static Members union(Members one, Members two) {
        Members either = Members.of(one.all());
        two.all().forEach(either::add);
        return either;
    }

    /** Of a set of sets; of none it is the empty set. */
    private static @Nullable Value over(Value value, BinaryOperator<Members> function) {
        if (!(value instanceof Members sets) || !sets.all().stream().allMatch(Members.class::isInstance)) {
            return null;
        }
        return sets.all().stream().map(Members.class::cast).reduce(function).orElseGet(Members::empty);
    }

    private static boolean isMember(Value item, Value of) {
        if (of instanceof Members set) {
            return set.all().contains(item);
        } else if (of instanceof Arr array) {
            return array.items().contains(item);
        }
        return of instanceof Obj object && object.fields().containsValue(item);
    }

    private static boolean isAt(Value key, Value item, Value of) {
        return item.equals(of.get(key));
    }

    private static @Nullable Value concatenated(Value a, Value b) {
        if (!(a instanceof Arr one) || !(b instanceof Arr two)) {
            return null;
        }
        List<Value> both = new ArrayList<>(one.items().size() + two.items().size());
        both.addAll(one.items());
        both.addAll(two.items());
        return Arr.of(both);
    }

    /** From the one index up to the other, both brought within the array. */
    private static @Nullable Value slice(Value value, Value from, Value to) {
        Integer first = Builtins.whole(from);
        Integer end = Builtins.whole(to);
        if (!(value instanceof Arr array) || first == null || end == null) {
            return null;
        }
        int stop = Math.max(0, Math.min(end, array.items().size()));
        int start = Math.max(0, Math.min(first, stop));
        return Arr.of(new ArrayList<>(array.items().subList(start, stop)));
    }

    /** The key may be an array: a path. */
    private static @Nullable Value field(Value value, Value key, Value otherwise) {
        if (!(value instanceof Obj object)) {
            return null;
        }
        Value found = object;
        for (Value part : key instanceof Arr path ? path.items() : List.of(key)) {
            found = found == null ? null : found.get(part);
        }
        return found == null ? otherwise : found;
    }

    private static @Nullable Value without(Value value, Value keys) {
        Collection<Value> removed = keys instanceof Obj object ? object.fields().keySet() : items(keys);
        if (!(value instanceof Obj object) || removed == null) {
            return null;
        }
        Set<Value> away = new HashSet<>(removed);
        Obj left = Obj.empty();
        object.fields().forEach((key, field) -> {
            if (!away.contains(key)) {
                left.put(key, field);
            }
        });
        return left;
    }

    /** Objects in both are merged, of anything else the second counts. */
    private static Obj merged(Obj a, Obj b, int depth) {
        if (depth > DEEPEST) {
            throw new Abort("objects deeper than " + DEEPEST);
        }
        Obj merged = a.copy();
        b.fields().forEach((key, field) -> {
            Value own = merged.get(key);
            merged.put(key, own instanceof Obj one && field instanceof Obj two ? merged(one, two, depth + 1) : field);
        });
        return merged;
    }

    static Value merged(Obj a, Obj b) {
        return merged(a, b, 0);
    }

    /** Each value within, the whole first, with the path to it. */
    private static Value walk(Value value) {
        List<Value> found = new ArrayList<>();
        walk(value, new ArrayList<>(), found);
        return Arr.of(found);
    }

    private static void walk(Value value, List<Value> path, List<Value> found) {
        if (path.size() > DEEPEST) {
            throw new Abort("a value deeper than " + DEEPEST);
        }
        found.add(Arr.of(List.of(Arr.of(List.copyOf(path)), value)));
        for (Value key : value.keys()) {
            Value inner = value.get(key);
            if (inner != null) {
                path.add(key);
                walk(inner, path, found);
                path.remove(path.size() - 1);
            }
        }
    }
}
