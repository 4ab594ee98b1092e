package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a single record is to a scope: one of those asked for, or one that supports them because it enrols an approver, orders what was
 * done later, or attests another. Whoever makes a pack and whoever verifies ask it of each in the order in which they were sealed. Used
 * by one thread.
 */
public final class ScopedRecords {
    private final Scope scope;
    private final Uncovered uncovered = new Uncovered();
    private final Set<Place> attached = new HashSet<>();

    private record Place(String log, long index) {}

    public ScopedRecords(Scope scope) {
        this.scope = scope;
    }

    /** What a record is to the scope. */
    public enum Kind {
        /** It is asked for. */
        OF_SCOPE,
        /** What is asked for may need it. */
        SUPPORTING,
        /** Neither. */
        NEITHER
    }

    /** Of a case, its steps say what else is asked for: each must be known before the records come. Nothing of other scopes. */
    public void announce(Entry entry) {
        step(entry)
                .flatMap(step -> step.act().brings())
                .ifPresent(one -> attached.add(new Place("log/" + one.year(), one.index())));
    }

    /** What an entry says of the case that is asked for; empty if it is no step of it. */
    Optional<CaseStep> step(Entry entry) {
        return scope.ofCase()
                .flatMap(id -> CaseStep.of(entry).filter(step -> step.id().equals(id)));
    }

    /** What an entry of the logs is; of those that support, only heads over what was taken before are known by themselves. */
    public Kind wanted(Entry entry) {
        Optional<Attestation> head = Attestation.of(entry.bytes());
        boolean covers = head.isPresent() && uncovered.by(head.get());
        if (isAskedFor(entry)) {
            entry.json().ifPresent(uncovered::add);
            return Kind.OF_SCOPE;
        }
        return covers ? Kind.SUPPORTING : Kind.NEITHER;
    }

    /** Whether heads cover all that was asked for so far. */
    public boolean isCovered() {
        return uncovered.isEmpty();
    }

    /** What a record that is in a pack is. */
    public Kind carried(Entry entry) {
        Kind kind = wanted(entry);
        if (kind != Kind.NEITHER) {
            return kind;
        }
        Optional<ObjectNode> read = entry.json();
        if (read.isEmpty()) {
            return Kind.NEITHER;
        }
        if (Attestation.of(read.get()).isPresent()) {
            // Beside a range a head may cover what the range holds.
            return scope.isOfRecords() ? Kind.NEITHER : Kind.SUPPORTING;
        }
        if (PackContents.isEnrolment(read.get()) || Ties.isOrder(read.get())) {
            uncovered.add(read.get());
            return Kind.SUPPORTING;
        }
        return Kind.NEITHER;
    }

    private boolean isAskedFor(Entry entry) {
        return scope.subject().isPresent()
                && scope.parts().stream()
                        .anyMatch(part -> part.path().equals(entry.log())
                                && entry.index() >= part.from()
                                && entry.index() < part.end(Long.MAX_VALUE))
                && isOf(scope.subject().get(), entry);
    }

    private boolean isOf(Scope.Subject subject, Entry entry) {
        return switch (subject.kind()) {
            case KEY -> entry.json().filter(json -> names(json, subject.id())).isPresent();
            case ACTOR ->
                entry.json()
                        .filter(json -> json.at("/actor/user/uid").asText().equals(subject.id()))
                        .isPresent();
            case OPERATION ->
                entry.json()
                        .filter(json -> operation(json).equals(subject.id()))
                        .isPresent();
            case CASE ->
                attached.contains(new Place(entry.log(), entry.index()))
                        || step(entry).isPresent();
        };
    }

    /** Of what is no event, its form. */
    private static String operation(JsonNode json) {
        return (json.has("keyproof") ? json.path("keyproof") : json.at("/api/operation")).asText();
    }

    private static boolean names(ObjectNode json, String key) {
        for (JsonNode resource : json.path("resources")) {
            if (resource.path("uid").asText().equals(key)) {
                return true;
            }
        }
        return false;
    }
}
