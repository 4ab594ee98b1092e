package dev.keyproof.evidence.seal;

import dev.keyproof.verify.Attestation;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.Ties;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the entries stand that later ones may need to be proven: enrolments of approvers, orders, the heads that cover them, and steps of cases. Made
 * again from the log at each start, so that no pack must look for them. Thread-safe.
 */
public final class Supports {
    private final Map<String, List<Support>> enrolments = new HashMap<>();
    private final Map<String, List<Support>> orders = new HashMap<>();
    /** Those that no head has covered yet, by source and epoch, then by sequence. */
    private final Map<String, TreeMap<Long, Support>> uncovered = new HashMap<>();

    private final CaseFiles cases = new CaseFiles();

    /** Where an entry was sealed. */
    public record Place(int year, long index) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byYear = Integer.compare(year, other.year);
            return byYear != 0 ? byYear : Long.compare(index, other.index);
        }
    }

    private static final class Support {
        private final Place place;
        private final Ties ties;
        private @Nullable Place head;

        Support(Place place, Ties ties) {
            this.place = place;
            this.ties = ties;
        }
    }

    /** Takes the next entries of a year's log, the first of which stands at {@code index}. */
    synchronized void sealed(int year, long index, List<byte[]> entries) {
        long next = index;
        for (byte[] entry : entries) {
            sealed(new Place(year, next), entry);
            next++;
        }
    }

    /** Takes an entry of a log that may have others before it. */
    synchronized void sealed(Place place, byte[] bytes) {
        Entry entry = new Entry("log/" + place.year, place.index, bytes);
        cases.sealed(entry);
        Optional<Attestation> head = Attestation.of(bytes);
        if (head.isPresent()) {
            cover(head.get(), place);
            return;
        }
        Optional<Ties> ties = Ties.of(entry);
        if (ties.isEmpty()
                || (ties.get().enrols().isEmpty() && ties.get().orders().isEmpty())) {
            return;
        }
        Support support = new Support(place, ties.get());
        ties.get()
                .enrols()
                .ifPresent(approver -> enrolments
                        .computeIfAbsent(approver, one -> new ArrayList<>())
                        .add(support));
        ties.get()
                .orders()
                .ifPresent(approval -> orders.computeIfAbsent(approval, one -> new ArrayList<>())
                        .add(support));
        CanonicalJson.object(bytes).ifPresent(json -> {
            if (Entries.hasPlace(json)) {
                uncovered
                        .computeIfAbsent(
                                source(
                                        json.at("/metadata/source").asText(),
                                        json.at("/unmapped/keyproof/epoch").asText()),
                                one -> new TreeMap<>())
                        .putIfAbsent(json.at("/metadata/sequence").asLong(), support);
            }
        });
    }

    private void cover(Attestation head, Place place) {
        TreeMap<Long, Support> waiting = uncovered.get(source(head.source(), head.epoch()));
        if (waiting == null || head.to() <= head.from()) {
            return;
        }
        Map<Long, Support> covered = waiting.subMap(head.from(), head.to());
        covered.values().forEach(support -> support.head = place);
        covered.clear();
    }

    /** The cases, whose packs need what was attached to them. */
    public CaseFiles cases() {
        return cases;
    }

    private static String source(String name, String epoch) {
        return name + "/" + epoch;
    }

    /**
     * Every enrolment of these approvers, every order on these approvals, the heads over them, and whatever these need in turn.
     *
     * @param approvers whose keys are needed
     * @param approvals of orders that were carried out
     */
    public synchronized SortedSet<Place> of(Collection<String> approvers, Collection<String> approvals) {
        SortedSet<Place> places = new TreeSet<>();
        Set<String> known = new HashSet<>(approvers);
        Deque<String> wanted = new ArrayDeque<>(known);
        for (String approval : approvals) {
            orders.getOrDefault(approval, List.of()).forEach(order -> take(order, places, known, wanted));
        }
        while (!wanted.isEmpty()) {
            enrolments
                    .getOrDefault(wanted.remove(), List.of())
                    .forEach(enrolment -> take(enrolment, places, known, wanted));
        }
        return places;
    }

    /** Whatever of a year's log may ever be needed. */
    synchronized NavigableSet<Place> of(int year) {
        NavigableSet<Place> places = new TreeSet<>();
        Stream.concat(enrolments.values().stream(), orders.values().stream())
                .flatMap(List::stream)
                .flatMap(support -> Stream.of(support.place, support.head))
                .filter(place -> place != null && place.year() == year)
                .forEach(places::add);
        // What they attach goes with its year: a case holds nothing, legal holds do.
        cases.steps(false).stream().filter(place -> place.year() == year).forEach(places::add);
        return places;
    }

    private static void take(Support support, SortedSet<Place> places, Set<String> known, Deque<String> wanted) {
        places.add(support.place);
        if (support.head != null) {
            places.add(support.head);
        }
        for (String approver : support.ties.approvers()) {
            if (known.add(approver)) {
                wanted.add(approver);
            }
        }
    }
}
