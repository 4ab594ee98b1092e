package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.seal.Supports;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import dev.keyproof.verify.Attestation;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.ScopedRecords;
import dev.keyproof.verify.Ties;
import dev.keyproof.verify.Uncovered;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which entries a pack carries as single records: those of the key, actor, operation or case that it is asked for, and whatever a scope
 * needs of what lies outside of it. Used by one thread.
 */
final class PackNeeds {
    private final PackLogs logs;
    private final Supports supports;
    private final Scope scope;
    private final Map<Integer, Long> sizes;
    private final SortedSet<Supports.Place> places = new TreeSet<>();
    private final Set<String> approvers = new TreeSet<>();
    private final Set<String> approvals = new TreeSet<>();

    /** {@code sizes} are those of the scope's logs. */
    PackNeeds(PackLogs logs, Supports supports, Scope scope, Map<Integer, Long> sizes) {
        this.logs = logs;
        this.supports = supports;
        this.scope = scope;
        this.sizes = sizes;
    }

    /** Their places, in the order of sealing. */
    SortedSet<Supports.Place> places() throws LogException, BrokenPackException, EvidenceException {
        if (nothingIsOutside()) {
            return places;
        }
        if (scope.isOfRecords()) {
            records();
        } else {
            for (Scope.Part part : scope.parts()) {
                range(part);
            }
        }
        SortedSet<Supports.Place> needed = supports.of(approvers, approvals);
        needed.removeIf(this::isInRange);
        places.addAll(needed);
        return places;
    }

    /** Of whole logs nothing can need what was sealed later. */
    private boolean nothingIsOutside() {
        return !scope.isOfRecords()
                && scope.parts().stream()
                        .allMatch(part -> part.from() == 0 && part.to().isEmpty())
                && logs.years().stream()
                        .filter(year -> year < scope.parts().getLast().year())
                        .allMatch(year -> scope.parts().stream().anyMatch(part -> part.year() == year));
    }

    private boolean isInRange(Supports.Place place) {
        return !scope.isOfRecords()
                && scope.parts().stream()
                        .anyMatch(part -> part.year() == place.year()
                                && place.index() >= part.from()
                                && place.index() < part.end(Long.MAX_VALUE));
    }

    private void records() throws LogException, BrokenPackException, EvidenceException {
        ScopedRecords scoped = new ScopedRecords(scope);
        SortedSet<Supports.Place> ofCase = ofCase();
        for (Supports.Place place : ofCase) {
            if (!logs.has(place)) {
                throw new EvidenceException("entry " + place.index() + " of " + place.year()
                        + " is attached to the case and went with the log of its year");
            }
            scoped.announce(logs.at(place));
        }
        for (Scope.Part part : scope.parts()) {
            if (scope.ofCase().isEmpty()) {
                records(scoped, part.year(), part.from(), part.end(size(part)), place -> true);
                continue;
            }
            SortedSet<Supports.Place> here =
                    ofCase.subSet(new Supports.Place(part.year(), 0), new Supports.Place(part.year() + 1, 0));
            if (!logs.isWhole(part.year())) {
                places.addAll(here);
            } else if (!here.isEmpty()) {
                // A step that did not follow is none, whatever it says of itself.
                records(
                        scoped,
                        part.year(),
                        here.first().index(),
                        here.last().index() + 1,
                        place -> here.contains(place));
            }
        }
    }

    private void records(ScopedRecords scoped, int year, long from, long end, Predicate<Supports.Place> asked)
            throws LogException, BrokenPackException, EvidenceException {
        logs.each(year, from, size(year), false, entry -> {
            Supports.Place place = new Supports.Place(year, entry.index());
            ScopedRecords.Kind kind = scoped.wanted(entry);
            if (kind == ScopedRecords.Kind.SUPPORTING) {
                places.add(place);
            } else if (kind == ScopedRecords.Kind.OF_SCOPE && asked.test(place)) {
                places.add(place);
                needs(entry);
            }
            return entry.index() < end || !scoped.isCovered();
        });
    }

    /** The first steps of a case, up to the first that no head covers, and what they attach; of other scopes nothing. */
    private SortedSet<Supports.Place> ofCase() {
        SortedSet<Supports.Place> ofCase = new TreeSet<>();
        scope.ofCase()
                .flatMap(supports.cases()::find)
                .map(file -> file.upTo(sizes).places())
                .ifPresent(
                        places -> places.forEach(place -> ofCase.add(new Supports.Place(place.year(), place.index()))));
        return ofCase;
    }

    private void range(Scope.Part part) throws LogException, BrokenPackException, EvidenceException {
        boolean cut = part.to().isPresent();
        long end = part.end(size(part));
        Uncovered uncovered = new Uncovered();
        logs.each(part.year(), part.from(), size(part), false, entry -> {
            if (entry.index() < end) {
                needs(entry);
            }
            return !cut || covers(part, entry, end, uncovered);
        });
    }

    /** What a head beyond the end covers is proven by it, so it is looked for as far as it takes. */
    private boolean covers(Scope.Part part, Entry entry, long end, Uncovered uncovered) {
        Optional<Attestation> head = Attestation.of(entry.bytes());
        if (head.isPresent()) {
            if (uncovered.by(head.get()) && entry.index() >= end) {
                places.add(new Supports.Place(part.year(), entry.index()));
            }
        } else if (entry.index() < end) {
            entry.json().ifPresent(uncovered::add);
        }
        return entry.index() + 1 < end || !uncovered.isEmpty();
    }

    private void needs(Entry entry) {
        Ties.of(entry).ifPresent(ties -> {
            approvers.addAll(ties.approvers());
            ties.follows().ifPresent(approvals::add);
        });
    }

    private long size(Scope.Part part) {
        return size(part.year());
    }

    private long size(int year) {
        Long size = sizes.get(year);
        if (size == null) {
            throw new IllegalStateException("no head of the year " + year);
        }
        return size;
    }
}
