package dev.keyproof.evidence.search;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is looked for: all of what is given holds. Names are whole names.
 *
 * @param ofCase the entries of a case: its steps, and what they attach
 * @param since the earliest time of an event
 * @param until the time before which it lies
 * @param limit of one page, from 1 to {@value #MOST}
 */
public record Query(
        Optional<String> key,
        Optional<String> actor,
        Optional<String> operation,
        Optional<String> control,
        Optional<CaseEntries> ofCase,
        Optional<Instant> since,
        Optional<Instant> until,
        int limit,
        Optional<Cursor> after) {
    public static final int MOST = 100;

    /** Which entries a case has: the log says it, so that nothing of it need be in the index. */
    public record CaseEntries(String id, Set<Place> places) {
        public CaseEntries {
            places = Set.copyOf(places);
        }
    }

    /** Where a page ended, and before which entry the pages of this search end, however the log grows. */
    public record Cursor(Place last, Place end) {
        public static Optional<Cursor> parse(String text) {
            String[] parts = text.split("~", -1);
            return parts.length != 2
                    ? Optional.empty()
                    : Place.parse(parts[0])
                            .flatMap(last -> Place.parse(parts[1]).map(end -> new Cursor(last, end)));
        }

        @Override
        public String toString() {
            return last + "~" + end;
        }
    }

    /** Whether an entry is one of those, asked of what the log holds. */
    boolean isMetBy(Place place, Fields fields) {
        return ofCase.stream().allMatch(one -> one.places().contains(place))
                && key.stream().allMatch(fields.keys()::contains)
                && actor.stream().allMatch(fields.actor()::equals)
                && operation.stream().allMatch(fields.operation()::equals)
                && control.stream().allMatch(fields.controls()::contains)
                && since.stream().allMatch(from -> fields.time() >= from.toEpochMilli())
                && until.stream().allMatch(to -> fields.time() < to.toEpochMilli());
    }

    /** As it stands in the record that somebody looked for it. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        key.ifPresent(value -> json.put("key", value));
        actor.ifPresent(value -> json.put("actor", value));
        operation.ifPresent(value -> json.put("operation", value));
        control.ifPresent(value -> json.put("control", value));
        ofCase.ifPresent(value -> json.put("case", value.id()));
        since.ifPresent(value -> json.put("since", value.toString()));
        until.ifPresent(value -> json.put("until", value.toString()));
        after.ifPresent(value -> json.put("after", value.toString()));
        return json.put("limit", limit);
    }

    /** For the index. */
    ObjectNode body(Place end) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("size", limit).put("track_total_hits", false);
        ArrayNode filter = body.putObject("query").putObject("bool").putArray("filter");
        key.ifPresent(value -> term(filter, "key", value));
        actor.ifPresent(value -> term(filter, "actor", value));
        operation.ifPresent(value -> term(filter, "operation", value));
        control.ifPresent(value -> term(filter, "control", value));
        ofCase.ifPresent(one -> {
            ArrayNode ids = filter.addObject().putObject("ids").putArray("values");
            one.places().stream().sorted().forEach(place -> ids.add(place.toString()));
        });
        since.ifPresent(value -> range(filter, "time").put("gte", value.toEpochMilli()));
        until.ifPresent(value -> range(filter, "time").put("lt", value.toEpochMilli()));
        ArrayNode before = filter.addObject().putObject("bool").putArray("should");
        range(before, "year").put("lt", end.year());
        ArrayNode lastYear = before.addObject().putObject("bool").putArray("filter");
        lastYear.addObject().putObject("term").put("year", end.year());
        range(lastYear, "index").put("lt", end.index());
        ArrayNode sort = body.putArray("sort");
        sort.addObject().put("year", "asc");
        sort.addObject().put("index", "asc");
        after.ifPresent(cursor -> body.putArray("search_after")
                .add(cursor.last().year())
                .add(cursor.last().index()));
        return body;
    }

    private static void term(ArrayNode filter, String name, String value) {
        filter.addObject().putObject("term").put(name, value);
    }

    private static ObjectNode range(ArrayNode filter, String name) {
        return filter.addObject().putObject("range").putObject(name);
    }
}
