package dev.keyproof.broker.operation;

import dev.keyproof.broker.elevation.Coverage;
import dev.keyproof.broker.elevation.Terms;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Scope;
import dev.keyproof.broker.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param role the role, or else {@code hat}
 * @param keys ids or aliases of the keys
 * @param scope what keys must be for, with {@code tags} that they must have
 * @param change id of the change in the organisation's own process
 */
public record WantedElevation(
        @Nullable String role,
        @Nullable String hat,
        @Nullable List<String> keys,
        @Nullable Map<String, String> tags,
        @Nullable Scope scope,
        @Nullable Integer minutes,
        @Nullable String reason,
        @Nullable String change,
        @Nullable Boolean breakGlass) {
    private static final int MOST_KEYS = 64;

    Terms terms(String id, LeasedKeys leased) throws ProblemException {
        if ((role == null) == (hat == null)) {
            throw Fields.invalid("role, hat: name one of them");
        }
        String one = role == null ? Fields.text(hat, "hat") : Fields.text(role, "role");
        if (minutes == null || minutes < 1) {
            throw Fields.invalid("minutes: is a whole number from 1");
        }
        return new Terms(
                id,
                role == null ? null : one,
                hat == null ? null : one,
                minutes,
                Fields.text(reason, "reason"),
                Boolean.TRUE.equals(breakGlass),
                coverage(leased));
    }

    private Coverage coverage(LeasedKeys leased) throws ProblemException {
        List<String> named = keys == null ? List.of() : keys;
        if (named.size() > MOST_KEYS) {
            throw Fields.invalid("keys: are more than " + MOST_KEYS);
        }
        List<String> ids = new ArrayList<>();
        for (String name : named) {
            ids.add(leased.resolve(Fields.text(name, "keys")));
        }
        Scope bound = Fields.scope(scope);
        Coverage coverage = new Coverage(
                ids.stream().distinct().sorted().toList(),
                Fields.tags(tags),
                bound.service(),
                bound.tenant(),
                bound.environment());
        if (coverage.isBoundless()) {
            throw Fields.invalid("keys: name them, or tags or a scope that they have");
        }
        return coverage;
    }
}
