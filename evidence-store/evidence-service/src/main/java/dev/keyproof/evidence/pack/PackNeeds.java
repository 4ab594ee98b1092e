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

/**
 * Which entries a pack carries as single records: those that a key's or an actor's pack is asked for, and whatever a scope needs of
 * what lies outside of it. Used by one thread.
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
        for (Scope.Part part : scope.parts()) {
            long end = part.end(size(part));
            logs.each(part.year(), part.from(), size(part), false, entry -> {
                ScopedRecords.Kind kind = scoped.wanted(entry);
                if (kind != ScopedRecords.Kind.NEITHER) {
                    places.add(new Supports.Place(part.year(), entry.index()));
                }
                if (kind == ScopedRecords.Kind.OF_SCOPE) {
                    needs(entry);
                }
                return entry.index() < end || !scoped.isCovered();
            });
        }
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
        Long size = sizes.get(part.year());
        if (size == null) {
            throw new IllegalStateException("no head of the year " + part.year());
        }
        return size;
    }
}
