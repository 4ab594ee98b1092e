package dev.keyproof.broker.operation;

import dev.keyproof.broker.key.Scope;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may be said of a key: every limit and every complaint about it is here. */
final class Fields {
    private static final int MAX_TAGS = 16;

    private Fields() {}

    static String text(@Nullable String value, String field) throws ProblemException {
        if (value == null
                || value.isBlank()
                || value.length() > 128
                || value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field + ": is a text of 1 to 128 characters, none of them a control character");
        }
        return value;
    }

    /** A class of the organisation's own, such as {@code restricted} or {@code eu}. */
    static @Nullable String classed(@Nullable String value, String field) throws ProblemException {
        if (value != null && !value.matches("[a-z0-9][a-z0-9-]{0,31}")) {
            throw invalid(field + ": is 1 to 32 of a-z, 0-9 and '-'");
        }
        return value;
    }

    static Map<String, String> tags(@Nullable Map<String, String> tags) throws ProblemException {
        Map<String, String> given = tags == null ? Map.of() : tags;
        if (given.size() > MAX_TAGS) {
            throw invalid("tags: has more than " + MAX_TAGS + " entries");
        }
        for (Map.Entry<String, String> tag : given.entrySet()) {
            if (!tag.getKey().matches("[A-Za-z0-9_.-]{1,64}")
                    || (Object) tag.getValue() == null
                    || tag.getValue().length() > 256
                    || tag.getValue().chars().anyMatch(Character::isISOControl)) {
                throw invalid("tags: names are 1 to 64 of A-Z a-z 0-9 _ . -, values at most 256 characters");
            }
        }
        return given;
    }

    static Scope scope(@Nullable Scope scope) throws ProblemException {
        if (scope == null) {
            return Scope.ANY;
        }
        classed(scope.service(), "scope.service");
        classed(scope.tenant(), "scope.tenant");
        classed(scope.environment(), "scope.environment");
        return scope;
    }

    static @Nullable Integer rotation(@Nullable Integer days) throws ProblemException {
        if (days != null && (days < 1 || days > 3650)) {
            throw invalid("rotationPeriodDays: is from 1 to 3650");
        }
        return days;
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(Problem.INVALID_INPUT, detail);
    }
}
