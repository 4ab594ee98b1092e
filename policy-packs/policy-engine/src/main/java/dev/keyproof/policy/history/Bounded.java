package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What is remembered by name, never more than so many of a kind: the longest unheard of is forgotten first. */
final class Bounded {
    private Bounded() {}

    /** What is remembered under that name, to be written to; made where it is new. {@code order} is the field that tells which is old. */
    static ObjectNode under(ObjectNode named, String name, int most, String order) {
        if (named.get(name) instanceof ObjectNode known) {
            return known;
        }
        while (named.size() >= most) {
            named.remove(oldest(named, order));
        }
        return named.putObject(name);
    }

    /** One more of these. */
    static void count(ObjectNode counted, long count, long seconds) {
        counted.put("count", counted.path("count").asLong() + count);
        counted.put("first", Math.min(counted.path("first").asLong(Long.MAX_VALUE), seconds));
        counted.put("last", Math.max(counted.path("last").asLong(Long.MIN_VALUE), seconds));
    }

    static long seconds(long milliseconds) {
        return Math.floorDiv(milliseconds, 1000L);
    }

    private static String oldest(ObjectNode named, String order) {
        String oldest = "";
        long at = Long.MAX_VALUE;
        for (Map.Entry<String, JsonNode> one : named.properties()) {
            long last = one.getValue().path(order).asLong();
            if (oldest.isEmpty() || last < at) {
                oldest = one.getKey();
                at = last;
            }
        }
        return oldest;
    }
}
