package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** By what event each thing stands as it does, so that none that comes late turns it back: several brokers tell of one, each in its order. */
final class Order {
    private static final String NAME = "order";
    private static final String AT = "at";
    private static final String SOURCE = "source";
    private static final String PLACE = "place";
    private static final int MOST = 512;

    private Order() {}

    /** Whether an event is the newest of what it changes; remembered if it is. One that is told again is the newest still. */
    static boolean newest(ObjectNode told, String changed, Happening event) {
        ObjectNode newest = Bounded.under(told.withObjectProperty(NAME), changed, MOST, AT);
        if (newest.has(AT) && older(event, newest)) {
            return false;
        }
        newest.put(AT, event.time()).put(SOURCE, event.source()).put(PLACE, event.place());
        return true;
    }

    /** A journal that was begun anew counts from its start, so time goes before the place. */
    private static boolean older(Happening event, ObjectNode newest) {
        long at = newest.path(AT).asLong();
        return event.time() < at
                || (event.time() == at
                        && event.source().equals(newest.path(SOURCE).asText())
                        && event.place() < newest.path(PLACE).asLong());
    }

    /** Rules do not read it. */
    static void omit(ObjectNode input) {
        input.remove(NAME);
    }
}
