package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that an entry point of a policy can read of its input, found from its plan. Inputs of which the same
 * is read get the same answer, for a policy has neither clock nor memory.
 */
final class Reads {
    private static final Nothing NOT_READ = new Nothing(-1, false);

    private final List<Read> reads;

    private Reads(List<Read> reads) {
        this.reads = reads;
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

        /** What is at that place: the node, or where and how the way to it ends. */
        private Object in(JsonNode input) {
            JsonNode node = input;
            for (int depth = 0; depth < path.size(); depth++) {
                JsonNode next = node.isObject() ? node.get(path.get(depth)) : null;
                if (next == null) {
                    return new Nothing(depth, node.isObject());
                }
                node = next;
            }
            return truth ? (Object) (node.isBoolean() && !node.booleanValue()) : node;
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

        private Object in(JsonNode input) {
            return given.stream().allMatch(path -> leads(path, input)) ? place.in(input) : NOT_READ;
        }

        private static boolean leads(List<String> path, JsonNode input) {
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

    List<Read> all() {
        return reads;
    }

    /** What the entry point reads of this input. Equal for inputs that it cannot tell apart. */
    List<Object> of(JsonNode input) {
        List<Object> read = new ArrayList<>(reads.size());
        for (Read one : reads) {
            read.add(one.in(input));
        }
        return read;
    }
}
