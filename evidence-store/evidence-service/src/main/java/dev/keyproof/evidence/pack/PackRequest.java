package dev.keyproof.evidence.pack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a pack is asked to hold.
 *
 * @param years of sealing, ascending; empty where a time is asked for
 * @param from first entry, of the first year
 * @param to the entry after the last one, of the last year
 * @param since beginning of the time asked for
 * @param until its end
 * @param subject only the records of this; a case has the years that it has
 * @param framework results only on controls of this framework
 */
public record PackRequest(
        List<Integer> years,
        long from,
        OptionalLong to,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Scope.Subject> subject,
        Optional<String> framework) {
    private static final Set<String> MEMBERS =
            Set.of("year", "years", "from", "to", "since", "until", "key", "actor", "operation", "case", "framework");

    /**
     * Reads {@code {"year": 2026, "from": 0, "to": 9, "key": "..."}}, or {@code "years": [2025, 2026]}, or instead of these and of
     * entries {@code "since": "2026-01-01T00:00:00Z", "until": "..."}; with {@code "actor"} or {@code "operation"} for a key's, and with
     * {@code "framework"}. All are optional; without any it is this year's log. Or {@code "case": "..."}, and at most a framework.
     */
    public static PackRequest of(JsonNode asked, int thisYear) throws EvidenceException {
        for (var member : asked.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new EvidenceException("a scope has no " + member.getKey());
            }
        }
        Optional<Instant> since = time(asked, "since");
        Optional<Instant> until = time(asked, "until");
        Optional<Scope.Subject> subject = subject(asked);
        boolean places = asked.has("year") || asked.has("years") || asked.has("from") || asked.has("to");
        if (since.isPresent() && places) {
            throw new EvidenceException("a scope is of a time, or of years and entries, and not of both");
        }
        if (until.isPresent() && (since.isEmpty() || !since.get().isBefore(until.get()))) {
            throw new EvidenceException("a scope ends at \"until\" after it began at \"since\"");
        }
        boolean ofCase =
                subject.filter(one -> one.kind() == Scope.Subject.Kind.CASE).isPresent();
        if (ofCase && (places || since.isPresent())) {
            throw new EvidenceException("a case has the years that it has: it is asked for by its id alone");
        }
        return new PackRequest(
                since.isPresent() || ofCase ? List.of() : years(asked, thisYear),
                index(asked, "from").orElse(0),
                index(asked, "to"),
                since,
                until,
                subject,
                text(asked, "framework"));
    }

    private static Optional<Scope.Subject> subject(JsonNode asked) throws EvidenceException {
        Optional<Scope.Subject> subject = Optional.empty();
        for (Scope.Subject.Kind kind : Scope.Subject.Kind.values()) {
            Optional<String> id = text(asked, kind.word());
            if (id.isPresent() && subject.isPresent()) {
                throw new EvidenceException("a scope is of a "
                        + subject.get().kind().word() + " or of a " + kind.word() + ", and not of both");
            }
            if (id.isPresent()) {
                subject = Optional.of(new Scope.Subject(kind, id.get()));
            }
        }
        return subject;
    }

    private static List<Integer> years(JsonNode asked, int thisYear) throws EvidenceException {
        if (!asked.has("years")) {
            return List.of(asked.path("year").asInt(thisYear));
        }
        List<Integer> years = new ArrayList<>();
        for (JsonNode year : asked.path("years")) {
            if (!year.isInt() || (!years.isEmpty() && years.getLast() >= year.intValue())) {
                throw new EvidenceException("\"years\" are numbers, the earliest first");
            }
            years.add(year.intValue());
        }
        if (years.isEmpty() || asked.has("year")) {
            throw new EvidenceException("a scope is of a \"year\" or of some \"years\"");
        }
        return years;
    }

    private static OptionalLong index(JsonNode asked, String name) throws EvidenceException {
        if (!asked.has(name)) {
            return OptionalLong.empty();
        }
        JsonNode index = asked.path(name);
        if (!index.isIntegralNumber() || !index.canConvertToLong() || index.longValue() < 0) {
            throw new EvidenceException("\"" + name + "\" is the number of an entry, from 0 on");
        }
        return OptionalLong.of(index.longValue());
    }

    private static Optional<String> text(JsonNode asked, String name) throws EvidenceException {
        if (!asked.has(name)) {
            return Optional.empty();
        }
        if (asked.path(name).asText().isEmpty()) {
            throw new EvidenceException("\"" + name + "\" is empty");
        }
        return Optional.of(asked.path(name).asText());
    }

    private static Optional<Instant> time(JsonNode asked, String name) throws EvidenceException {
        try {
            return text(asked, name).map(Instant::parse);
        } catch (DateTimeException e) {
            throw new EvidenceException("\"" + name + "\" is no time such as 2026-01-01T00:00:00Z", e);
        }
    }
}
