package dev.keyproof.policy.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What locals are known to hold at one place of a function, whatever the input: what was taken from the data, and what was built of nothing
 * but such values. A block may be left anywhere, so after it nothing is known of what it may have put something into.
 */
final class Known {
    private final Map<Integer, Value> values;
    private final Map<Integer, Building> building = new HashMap<>();

    /** An array, object or set that so far has only what is known in it. */
    private static final class Building {
        private final Value value;
        /** How many more statements add to it. */
        private int more;
        /** Where in the block the statements stand that build it. */
        private final List<Integer> places = new ArrayList<>();

        Building(Value value, int more) {
            this.value = value;
            this.more = more;
        }
    }

    /** What stands finished, and the places of the statements that are not needed for it. */
    record Built(Value value, List<Integer> places) {}

    private Known(Map<Integer, Value> values) {
        this.values = values;
    }

    static Known nothing() {
        return new Known(new HashMap<>());
    }

    /** As it is known to a block within. What is being built here is not finished there. */
    Known inner() {
        return new Known(new HashMap<>(values));
    }

    void put(int local, Value value) {
        building.remove(local);
        values.put(local, value);
    }

    void forget(int local) {
        building.remove(local);
        values.remove(local);
    }

    void forgetTargets(JsonNode block) {
        Source.targets(block).forEach(this::forget);
    }

    /** Who reads what is being built needs the statements that build it. */
    Optional<Value> read(int local) {
        building.remove(local);
        return Optional.ofNullable(values.get(local));
    }

    /** An empty one is made at that place, to which so many statements add. */
    void build(int local, Value empty, int additions, int place) {
        values.remove(local);
        Building begun = new Building(empty, additions);
        begun.places.add(place);
        building.put(local, begun);
    }

    /** How something known is added. */
    interface Addition {
        void to(Value built);
    }

    /** Something known is added at that place; the whole, if it is the last. */
    Optional<Built> add(int local, Addition addition, int place) {
        Building one = building.get(local);
        if (one == null) {
            return Optional.empty();
        }
        addition.to(one.value);
        one.places.add(place);
        one.more--;
        return one.more == 0 ? Optional.of(new Built(one.value, one.places)) : Optional.empty();
    }

    boolean isBuilding(int local) {
        return building.containsKey(local);
    }
}
