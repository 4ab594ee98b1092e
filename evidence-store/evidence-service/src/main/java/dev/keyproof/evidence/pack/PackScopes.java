package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.head.KeptHeads;
import dev.keyproof.evidence.seal.CaseFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.CaseFile;
import dev.keyproof.verify.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes entries of what is asked for. */
final class PackScopes {
    /** A head's time is told in whole seconds, rounded down. */
    private static final Duration ROUNDED = Duration.ofSeconds(1);

    /** A head is kept after it was signed, and what was sealed meanwhile is not in it. */
    private static final Duration PUBLISHING = Duration.ofSeconds(30);

    private final YearLogs logs;
    private final KeptHeads kept;
    private final CaseFiles cases;

    PackScopes(YearLogs logs, KeptHeads kept, CaseFiles cases) {
        this.logs = logs;
        this.kept = kept;
        this.cases = cases;
    }

    Scope of(PackRequest request) throws EvidenceException {
        List<Scope.Part> parts = parts(request);
        for (Scope.Part part : parts) {
            if (part.to().isPresent() && part.to().getAsLong() < part.from()) {
                throw new EvidenceException("a scope ends before it begins");
            }
        }
        return new Scope(
                parts,
                request.subject(),
                request.framework(),
                request.since().map(since -> new Scope.Period(since, request.until())));
    }

    private List<Scope.Part> parts(PackRequest request) throws EvidenceException {
        Scope.Subject subject = request.subject().orElse(null);
        if (subject != null && subject.kind() == Scope.Subject.Kind.CASE) {
            return ofCase(subject.id());
        }
        return request.since().isPresent()
                ? within(request.since().get(), request.until())
                : of(request.years(), request.from(), request.to());
    }

    /** The years in which anything of it was sealed. */
    private List<Scope.Part> ofCase(String id) throws EvidenceException {
        CaseFile file = cases.find(id).orElseThrow(() -> new EvidenceException("there is no case " + id));
        SortedSet<Integer> years = new TreeSet<>();
        file.places().forEach(place -> years.add(place.year()));
        return of(List.copyOf(years), 0, OptionalLong.empty());
    }

    private static List<Scope.Part> of(List<Integer> years, long from, OptionalLong to) {
        List<Scope.Part> parts = new ArrayList<>();
        for (int i = 0; i < years.size(); i++) {
            parts.add(
                    new Scope.Part(years.get(i), i == 0 ? from : 0, i == years.size() - 1 ? to : OptionalLong.empty()));
        }
        return parts;
    }

    /** What was sealed in this time lies between the newest head kept before it and the first kept after it. */
    private List<Scope.Part> within(Instant since, Optional<Instant> until) throws EvidenceException {
        int first = since.atZone(ZoneOffset.UTC).getYear();
        int last = until.map(end -> end.atZone(ZoneOffset.UTC).getYear()).orElse(Integer.MAX_VALUE);
        List<Scope.Part> parts = new ArrayList<>();
        for (Map.Entry<Integer, SealedLog> log : logs.all().entrySet()) {
            int year = log.getKey();
            if (year >= first && year <= last && log.getValue().size() > 0) {
                parts.add(within(year, since, until));
            }
        }
        if (parts.isEmpty()) {
            throw new EvidenceException("nothing was sealed in that time");
        }
        return parts;
    }

    private Scope.Part within(int year, Instant since, Optional<Instant> until) throws EvidenceException {
        long from = 0;
        OptionalLong to = OptionalLong.empty();
        for (KeptHeads.Kept head : kept.all(year)) {
            // When another head was published is not known: a pack keeps the one that it was cut at.
            if (!head.fresh()) {
                continue;
            }
            if (!head.time().plus(ROUNDED).isAfter(since)) {
                from = head.size();
            }
            if (until.isPresent()
                    && to.isEmpty()
                    && !head.time().isBefore(until.get().plus(PUBLISHING))) {
                to = OptionalLong.of(head.size());
            }
        }
        return new Scope.Part(year, from, to);
    }
}
