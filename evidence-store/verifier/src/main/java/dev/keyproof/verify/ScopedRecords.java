package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a single record is to a scope: one of those asked for, or one that supports them because it enrols an approver, orders what was
 * done later, or attests another. Whoever makes a pack and whoever verifies ask it of each in the order in which they were sealed. Used
 * by one thread.
 */
public final class ScopedRecords {
    private final Scope scope;
    private final Uncovered uncovered = new Uncovered();

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

    /** What an entry of the logs is; of those that support, only heads over what was taken before are known by themselves. */
    public Kind wanted(Entry entry) {
        Optional<ObjectNode> read = entry.json();
        if (read.isEmpty()) {
            return Kind.NEITHER;
        }
        Optional<Attestation> head = Attestation.of(read.get());
        if (head.isPresent()) {
            return uncovered.by(head.get()) ? Kind.SUPPORTING : Kind.NEITHER;
        }
        if (!isAskedFor(entry, read.get())) {
            return Kind.NEITHER;
        }
        uncovered.add(read.get());
        return Kind.OF_SCOPE;
    }

    /** Whether heads cover all that was asked for so far. */
    public boolean isCovered() {
        return uncovered.isEmpty();
    }

    /** What a record that is in a pack is. */
    public Kind carried(Entry entry) {
        Optional<ObjectNode> read = entry.json();
        if (read.isEmpty()) {
            return Kind.NEITHER;
        }
        ObjectNode json = read.get();
        Optional<Attestation> head = Attestation.of(json);
        if (head.isPresent()) {
            // Beside a range a head may cover what the range holds.
            return uncovered.by(head.get()) || !scope.isOfRecords() ? Kind.SUPPORTING : Kind.NEITHER;
        }
        Kind kind = isAskedFor(entry, json)
                ? Kind.OF_SCOPE
                : PackContents.isEnrolment(json) || Ties.isOrder(json) ? Kind.SUPPORTING : Kind.NEITHER;
        if (kind != Kind.NEITHER) {
            uncovered.add(json);
        }
        return kind;
    }

    private boolean isAskedFor(Entry entry, ObjectNode json) {
        return scope.isOfRecords()
                && scope.parts().stream()
                        .anyMatch(part -> part.path().equals(entry.log())
                                && entry.index() >= part.from()
                                && entry.index() < part.end(Long.MAX_VALUE))
                && (scope.key().filter(key -> names(json, key)).isPresent()
                        || scope.actor()
                                .filter(actor ->
                                        json.at("/actor/user/uid").asText().equals(actor))
                                .isPresent());
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
