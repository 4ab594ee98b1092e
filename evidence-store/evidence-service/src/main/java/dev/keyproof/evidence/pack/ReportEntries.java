package dev.keyproof.evidence.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.RuleException;
import dev.keyproof.verify.Scope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects from the entries of a scope what people are shown of them. Used by one thread. */
final class ReportEntries {
    /** So many findings of a control are listed. */
    static final int LISTED = 200;

    /** Frameworks have some hundred controls; whoever names more means to fill the page. */
    static final int MOST_CONTROLS = 500;

    private static final int ACTIVITY = 6003;
    private static final int COMPLIANCE_FINDING = 2003;

    /** After the last day that has a date of four digits. */
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private final Scope scope;
    private final TreeMap<String, Control> controls = new TreeMap<>();
    private final Map<List<String>, Latest> latest = new HashMap<>();
    private final TreeMap<LocalDate, Day> days = new TreeMap<>();
    private long taken;
    private long undated;
    private long unshown;

    /** Where an entry stands in the pack. */
    record Place(String log, long index, String file) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::log)
                    .thenComparingLong(Place::index)
                    .thenComparing(Place::file)
                    .compare(this, other);
        }

        String link() {
            return Html.link(file, "entry " + index + " of " + log);
        }
    }

    /**
     * A sealed finding.
     *
     * @param exception by whose leave the key fails the rule; empty where nobody gave any
     */
    record Finding(long ordinal, Place place, String rule, String key, Outcome outcome, String exception, long time) {}

    /** How many operations a day had, and the first sealed of them. */
    record Day(long operations, Place first) {}

    private record Latest(Outcome outcome, SortedSet<String> controls) {}

    /** What was found on a control. */
    static final class Control {
        private static final Comparator<Finding> WORTH =
                Comparator.comparing(Finding::outcome).reversed().thenComparingLong(Finding::ordinal);

        private final EnumMap<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        private final PriorityQueue<Finding> worthiest = new PriorityQueue<>(WORTH);

        private void add(Finding finding) {
            counts.merge(finding.outcome(), 1L, Long::sum);
            worthiest.add(finding);
            if (worthiest.size() > LISTED) {
                worthiest.remove();
            }
        }

        /** How many were sealed, by outcome. */
        Map<Outcome, Long> sealed() {
            return counts;
        }

        /** At most {@link #LISTED}: the gravest, so that no number of passes hides a failure; of like ones the newest first. */
        List<Finding> listed() {
            return worthiest.stream().sorted(WORTH.reversed()).toList();
        }
    }

    /** What a scope asks for. */
    ReportEntries(Scope scope) {
        this.scope = scope;
    }

    /** Takes the next entry of the scope; {@code file} is where it stands in the pack. */
    void entry(Entry entry, String file) {
        ObjectNode json = entry.json().orElse(null);
        if (json == null) {
            return;
        }
        Place place = new Place(entry.log(), entry.index(), file);
        switch (json.path("class_uid").asInt()) {
            case ACTIVITY -> operation(json.path("time").asLong(), place);
            case COMPLIANCE_FINDING -> finding(json, place);
            default -> {}
        }
    }

    private void operation(long time, Place place) {
        if (isDated(time)) {
            days.merge(
                    Instant.ofEpochMilli(time).atOffset(ZoneOffset.UTC).toLocalDate(),
                    new Day(1, place),
                    (day, more) -> new Day(day.operations() + 1, day.first()));
        } else {
            undated++;
        }
    }

    private void finding(ObjectNode json, Place place) {
        JsonNode compliance = json.path("compliance");
        Finding finding = new Finding(
                taken++,
                place,
                compliance.path("control").asText(),
                json.path("resources").path(0).path("uid").asText(),
                Outcome.of(compliance.path("status_code").asText()),
                RuleException.of(json),
                json.path("time").asLong());
        TreeSet<String> named = new TreeSet<>();
        for (JsonNode requirement : compliance.path("requirements")) {
            String control = requirement.asText();
            if (!control.isBlank() && scope.asksForControl(control)) {
                if (!controls.containsKey(control) && controls.size() == MOST_CONTROLS) {
                    unshown++;
                } else {
                    named.add(control);
                }
            }
        }
        named.forEach(control ->
                controls.computeIfAbsent(control, id -> new Control()).add(finding));
        if (scope.asksFor(json)) {
            latest.put(List.of(finding.rule(), finding.key()), new Latest(finding.outcome(), named));
        }
    }

    /** Whether a time is one that somebody stated and a calendar shows. */
    static boolean isDated(long time) {
        return time > 0 && time < END.toEpochMilli();
    }

    /** By the names that findings give them. */
    SortedMap<String, Control> controls() {
        return controls;
    }

    /** By control, how many rules stand how on how many keys: the newest verdict of each rule on each key counts. */
    Map<String, Map<Outcome, Long>> standing() {
        Map<String, Map<Outcome, Long>> standing = new HashMap<>();
        for (Latest one : latest.values()) {
            for (String control : one.controls()) {
                standing.computeIfAbsent(control, id -> new EnumMap<>(Outcome.class))
                        .merge(one.outcome(), 1L, Long::sum);
            }
        }
        return standing;
    }

    /** Days that had operations, in UTC. */
    SortedMap<LocalDate, Day> days() {
        return days;
    }

    /** Operations that state no time. */
    long undated() {
        return undated;
    }

    /** How often a control was named beyond the first {@link #MOST_CONTROLS}. */
    long unshown() {
        return unshown;
    }
}
