package dev.keyproof.pkcs11;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Compares what was read of a token's objects at their births with what is read now. */
public final class ReadBack {
    private ReadBack() {}

    /** What differs. */
    public sealed interface Difference {
        /** The object in the words of its birth, or of now if it has none. */
        TokenObject object();
    }

    /** An attribute is not what it was; an empty text is one that is not shown. */
    public record Changed(TokenObject object, String attribute, String was, String is) implements Difference {}

    /** An object that was born is not there any more. */
    public record Missing(TokenObject object) implements Difference {}

    /** An object that nobody ordered, or another of the same kind, id and label as one that was. */
    public record Unordered(TokenObject object) implements Difference {}

    /**
     * Every difference, changes in the order of the births, each attribute by name, then what nobody ordered. Empty when all is as it
     * was. Of objects with the same kind, id and label as many are expected as were born.
     */
    public static List<Difference> compare(Collection<TokenObject> births, Collection<TokenObject> now) {
        Map<String, List<TokenObject>> there = new HashMap<>();
        for (TokenObject object : now) {
            there.computeIfAbsent(object.name(), name -> new ArrayList<>()).add(object);
        }
        List<Difference> differences = new ArrayList<>();
        List<TokenObject> unlike = new ArrayList<>();
        // Those that are as they were first, so that a copy beside one is the copy's fault.
        for (TokenObject birth : births) {
            if (!there.getOrDefault(birth.name(), new ArrayList<>()).remove(birth)) {
                unlike.add(birth);
            }
        }
        for (TokenObject birth : unlike) {
            List<TokenObject> same = there.getOrDefault(birth.name(), new ArrayList<>());
            if (same.isEmpty()) {
                differences.add(new Missing(birth));
            } else {
                differences.addAll(changes(birth, same.removeFirst()));
            }
        }
        for (TokenObject object : now) {
            if (there.getOrDefault(object.name(), new ArrayList<>()).remove(object)) {
                differences.add(new Unordered(object));
            }
        }
        return List.copyOf(differences);
    }

    private static List<Difference> changes(TokenObject birth, TokenObject now) {
        SortedSet<String> names = new TreeSet<>(birth.attributes().keySet());
        names.addAll(now.attributes().keySet());
        List<Difference> changes = new ArrayList<>();
        for (String name : names) {
            String was = birth.attributes().getOrDefault(name, "");
            String is = now.attributes().getOrDefault(name, "");
            if (!was.equals(is)) {
                changes.add(new Changed(birth, name, was, is));
            }
        }
        return changes;
    }
}
