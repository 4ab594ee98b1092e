package dev.keyproof.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which legal holds are in force after some entries, in whatever order heads covered these. Used by one thread. */
final class HoldsInForce {
    private record Place(String log, long index) {}

    private final TreeMap<Place, HoldAct> acts =
            new TreeMap<>(Comparator.comparing(Place::log).thenComparingLong(Place::index));

    private boolean carriedOver;

    void add(HoldAct act) {
        switch (act) {
            case HoldAct.Placed placed ->
                acts.put(new Place(placed.hold().log(), placed.hold().index()), act);
            case HoldAct.Released released -> acts.put(new Place(released.log(), released.index()), act);
            case HoldAct.Carried carried -> {
                carriedOver = true;
                // Each stands where it was placed, unless the record itself is here.
                carried.holds()
                        .forEach(hold ->
                                acts.putIfAbsent(new Place(hold.log(), hold.index()), new HoldAct.Placed(hold)));
            }
        }
    }

    /** Whether nothing was said of holds. */
    boolean isEmpty() {
        return acts.isEmpty() && !carriedOver;
    }

    /** In the order in which they were placed. */
    List<LegalHold> list() {
        Map<String, List<LegalHold>> byName = new HashMap<>();
        for (HoldAct act : acts.values()) {
            if (act instanceof HoldAct.Placed placed) {
                byName.computeIfAbsent(placed.name(), name -> new ArrayList<>()).add(placed.hold());
            } else if (act instanceof HoldAct.Released released && released.approved()) {
                byName.remove(released.name());
            }
        }
        return byName.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(LegalHold::log).thenComparingLong(LegalHold::index))
                .toList();
    }

    /** What released some, in its order: that as many approved it as policy asks is its record's own word here. */
    List<HoldAct.Released> releases() {
        return acts.values().stream()
                .filter(HoldAct.Released.class::isInstance)
                .map(HoldAct.Released.class::cast)
                .filter(HoldAct.Released::approved)
                .toList();
    }
}
