package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a pack says that it was asked for: the entries of some years, or of these only the single records of one subject. Signed with
 * the manifest, so it is held against what the pack holds. Whatever else is in the pack is there because the scope needs it.
 *
 * @param parts at least one, the years ascending
 * @param subject only the records of this
 * @param framework results only on controls of this framework, such as {@code pci-dss}
 * @param period the time that was asked for, of which the parts are made
 */
public record Scope(List<Part> parts, Optional<Subject> subject, Optional<String> framework, Optional<Period> period) {
    private static final String PLACE = "scope";

    /** What single records are of: {@code id} names one of a kind. */
    public record Subject(Kind kind, String id) {
        /** What records can be of. */
        public enum Kind {
            /** They name it. */
            KEY,
            /** Who did it. */
            ACTOR,
            /** What was done. */
            OPERATION,
            /** Its steps, and what these attach. */
            CASE;

            /** As a scope states it, and as people call it. */
            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String toString() {
            return kind.word() + " " + id;
        }

        private static List<Subject> all(ObjectNode stated) {
            return Arrays.stream(Kind.values())
                    .flatMap(kind -> text(stated, kind.word()).map(id -> new Subject(kind, id)).stream())
                    .toList();
        }
    }

    /**
     * Entries of one log.
     *
     * @param year of sealing
     * @param from first entry; 0 for the whole log
     * @param to the entry after the last one; empty for all up to the pack's head
     */
    public record Part(int year, long from, OptionalLong to) {
        /** The log's folder in the pack. */
        public String path() {
            return "log/" + year;
        }

        /** The entry after the last one in a log of this size. */
        public long end(long size) {
            return Math.min(to.orElse(size), size);
        }

        private ObjectNode json(ObjectNode json, boolean always) {
            json.put("year", year);
            if (always || from > 0) {
                json.put("from", from);
            }
            to.ifPresent(end -> json.put("to", end));
            return json;
        }

        private static Part of(JsonNode stated) {
            return new Part(
                    stated.path("year").asInt(),
                    stated.path("from").asLong(),
                    stated.has("to") ? OptionalLong.of(stated.path("to").asLong()) : OptionalLong.empty());
        }

        private boolean isWhole() {
            return from == 0 && to.isEmpty();
        }

        private boolean makesSense() {
            return from >= 0 && to.orElse(from) >= from;
        }
    }

    /**
     * A time of sealing: the parts begin at the newest head that the service had kept when it began, and end at the first that it kept
     * when it had ended.
     *
     * @param since its beginning
     * @param until its end, later; empty for the time of the pack
     */
    public record Period(Instant since, Optional<Instant> until) {
        private static Optional<Period> of(ObjectNode stated) {
            try {
                return stated.has("since") || stated.has("until")
                        ? Optional.of(new Period(
                                Instant.parse(stated.path("since").asText()),
                                text(stated, "until").map(Instant::parse)))
                        : Optional.empty();
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private boolean makesSense() {
            return until.map(since::isBefore).orElse(true);
        }
    }

    public Scope {
        parts = List.copyOf(parts);
    }

    /** A year's log from an entry on. */
    public static Scope range(int year, long from) {
        return of(new Part(year, from, OptionalLong.empty()), Optional.empty());
    }

    /** The single records of a key in a year's log. */
    public static Scope ofKey(int year, String key) {
        return of(new Part(year, 0, OptionalLong.empty()), Optional.of(new Subject(Subject.Kind.KEY, key)));
    }

    /** A part of one log, or the single records of a subject in it. */
    public static Scope of(Part part, Optional<Subject> subject) {
        return new Scope(List.of(part), subject, Optional.empty(), Optional.empty());
    }

    /** Whether single records are asked for, and not ranges of entries. */
    public boolean isOfRecords() {
        return subject.isPresent();
    }

    /** The case whose records are asked for, if they are those of one. */
    public Optional<String> ofCase() {
        return subject.filter(one -> one.kind == Subject.Kind.CASE).map(Subject::id);
    }

    /** Whether a finding belongs to the results that are asked for. */
    public boolean asksFor(JsonNode finding) {
        return framework.isEmpty() || asksForAny(finding.path("compliance").path("requirements"));
    }

    private boolean asksForAny(JsonNode controls) {
        for (JsonNode control : controls) {
            if (asksForControl(control.asText())) {
                return true;
            }
        }
        return false;
    }

    /** Whether results on a control are asked for. */
    public boolean asksForControl(String control) {
        return framework.isEmpty() || control.startsWith(framework.get() + ":");
    }

    /** What is asked for of a log; empty if its records can only be there because others need them. */
    public Optional<Part> of(Manifest.Log log) {
        return parts.stream().filter(part -> part.path().equals(log.path())).findFirst();
    }

    /** As the manifest states it. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", isOfRecords() ? "records" : "range");
        subject.ifPresent(one -> json.put(one.kind.word(), one.id));
        framework.ifPresent(id -> json.put("framework", id));
        period.ifPresent(time -> {
            json.put("since", time.since.toString());
            time.until.ifPresent(end -> json.put("until", end.toString()));
        });
        if (parts.size() == 1) {
            return parts.getFirst().json(json, !isOfRecords());
        }
        ArrayNode years = json.putArray("years");
        parts.forEach(part -> part.json(years.addObject(), true));
        return json;
    }

    static Scope of(ObjectNode stated) throws BrokenPackException {
        List<Part> parts = new ArrayList<>();
        if (stated.path("years").isArray()) {
            stated.path("years").forEach(part -> parts.add(Part.of(part)));
        } else {
            parts.add(Part.of(stated));
        }
        List<Subject> subjects = Subject.all(stated);
        Scope scope = new Scope(parts, subjects.stream().findFirst(), text(stated, "framework"), Period.of(stated));
        if (!scope.makesSense() || !Arrays.equals(CanonicalJson.bytes(scope.json()), CanonicalJson.bytes(stated))) {
            throw refused(
                    Reason.SCOPE_FORM,
                    "neither entries of one year or of several, nor the records of a key, an actor, an operation or a case among them");
        }
        return scope;
    }

    private static Optional<String> text(ObjectNode stated, String name) {
        return Optional.of(stated.path(name).asText()).filter(id -> !id.isEmpty());
    }

    private boolean makesSense() {
        boolean ascending = true;
        for (int i = 1; i < parts.size(); i++) {
            ascending &= parts.get(i - 1).year < parts.get(i).year;
        }
        return !parts.isEmpty()
                && ascending
                && parts.stream().allMatch(Part::makesSense)
                && (ofCase().isEmpty() || (period.isEmpty() && parts.stream().allMatch(Part::isWhole)))
                && period.map(Period::makesSense).orElse(true);
    }

    /** Checks that the logs asked for are here and carried so far, and that of others nothing is carried but single records. */
    void agrees(Manifest manifest, CanonicalZip zip) throws BrokenPackException {
        boolean single = zip.has(SingleRecords.NAME);
        if (isOfRecords() && !single) {
            throw refused(Reason.SCOPE_KIND, "says that single records are here, and there are none");
        }
        for (Part part : parts) {
            if (manifest.logs().stream().noneMatch(log -> log.path().equals(part.path()))) {
                throw refused(
                        Reason.SCOPE_YEAR, "is of the year " + part.year + ", and " + part.path() + " is not here");
            }
        }
        for (Manifest.Log log : manifest.logs()) {
            Optional<Part> part = of(log);
            if (part.isEmpty()) {
                if (!single || log.from() != log.size()) {
                    throw refused(Reason.SCOPE_YEAR, "does not name the year of " + log.path() + ", which is carried");
                }
                continue;
            }
            if (log.from() != part.get().from()) {
                throw refused(
                        Reason.SCOPE_FROM,
                        "begins at entry " + part.get().from() + ", and " + log.path() + " is carried from entry "
                                + log.from());
            }
            if (part.get().to().orElse(0) > log.size()) {
                throw refused(
                        Reason.SCOPE_TO,
                        "ends before entry " + part.get().to().orElse(0) + ", and " + log.path() + " has " + log.size()
                                + " entries");
            }
        }
    }

    private static BrokenPackException refused(Reason reason, String sentence) {
        return BrokenPackException.at(reason, Manifest.NAME, PLACE, sentence);
    }
}
