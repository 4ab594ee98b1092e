package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that an entry point of a policy can read of its input, found from its plan. Inputs of which the same
 * is read get the same answer, for a policy has neither clock nor memory.
 */
final class Reads {
    private static final Nothing NOT_READ = new Nothing(-1, false);

    private final List<Read> reads;
    /** The same, to go along with for each input. */
    private final Way[] ways;

    private Reads(List<Read> reads) {
        this.reads = reads;
        this.ways = reads.stream().map(Way::new).toArray(Way[]::new);
    }

    /** A place that is read, and what must be there for it, as arrays: some forty are walked for each input. */
    private static final class Way {
        private final String[] path;
        private final boolean truth;
        private final String[][] given;

        Way(Read read) {
            this.path = read.place().path().toArray(new String[0]);
            this.truth = read.place().truth();
            this.given = read.given().stream()
                    .map(needed -> needed.toArray(new String[0]))
                    .toArray(String[][]::new);
        }

        /** What is there: the node, or where and how the way to it ends. */
        Object in(JsonNode input) {
            for (String[] needed : given) {
                if (!leads(needed, input)) {
                    return NOT_READ;
                }
            }
            JsonNode node = input;
            for (int depth = 0; depth < path.length; depth++) {
                JsonNode next = node.isObject() ? node.get(path[depth]) : null;
                if (next == null) {
                    return new Nothing(depth, node.isObject());
                }
                node = next;
            }
            return truth ? (Object) (node.isBoolean() && !node.booleanValue()) : node;
        }

        private static boolean leads(String[] path, JsonNode input) {
            JsonNode node = input;
            for (String name : path) {
                JsonNode next = node.isObject() ? node.get(name) : null;
                if (next == null) {
                    return false;
                }
                node = next;
            }
            return true;
        }
    }

    /**
     * A place in an input.
     *
     * @param path names of fields from the input down; empty for the input itself
     * @param truth whether no more is asked of it than that it is there and not false
     */
    record Place(List<String> path, boolean truth) {
        private boolean covers(Place other) {
            return !equals(other)
                    && (!truth || (other.truth && path.size() == other.path.size()))
                    && path.size() <= other.path.size()
                    && path.equals(other.path.subList(0, path.size()));
        }
    }

    /**
     * One place that is read.
     *
     * @param given paths that all must lead somewhere, or it is not read
     */
    record Read(Place place, Set<List<String>> given) {
        Read {
            given = given.stream()
                    .filter(path -> !isOnTheWay(path, place.path()))
                    .collect(Collectors.toUnmodifiableSet());
        }

        private static boolean isOnTheWay(List<String> path, List<String> to) {
            return path.size() <= to.size() && path.equals(to.subList(0, path.size()));
        }

        private boolean covers(Read other) {
            return place.covers(other.place) && other.given.containsAll(given);
        }
    }

    /** The way ends before the place: at an object without that field, or at what is no object. */
    private record Nothing(int depth, boolean object) {}

    /**
     * Finds what an entry point reads.
     *
     * @throws PolicyException when the plan is not as {@code opa build -t plan} makes it, or has no such entry point
     */
    static Reads of(JsonNode plan, String entrypoint) throws PolicyException {
        Collection<Read> found = PlanReader.reads(plan, entrypoint);
        Set<Read> all = new LinkedHashSet<>(found);
        return new Reads(all.stream()
                .filter(one -> all.stream().noneMatch(other -> other.covers(one)))
                .toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reads same && reads.equals(same.reads);
    }

    @Override
    public int hashCode() {
        return reads.hashCode();
    }

    List<Read> all() {
        return reads;
    }

    /** What the entry point reads of this input. Equal for inputs that it cannot tell apart. */
    List<Object> of(JsonNode input) {
        Object[] read = new Object[ways.length];
        for (int i = 0; i < read.length; i++) {
            read[i] = ways[i].in(input);
        }
        return Arrays.asList(read);
    }
}
