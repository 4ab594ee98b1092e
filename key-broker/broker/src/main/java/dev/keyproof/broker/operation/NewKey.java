package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Residence;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key that is asked for.
 *
 * @param algorithm such as {@code AES_256_GCM}
 * @param purpose {@code encrypt}, {@code sign} or {@code mac}; the algorithm's own when absent
 * @param owner who answers for the key; the caller when absent
 * @param rotationPeriodDays after how many days it should be rotated
 * @param residence name of a {@link Residence}; a replicated key when absent
 */
public record NewKey(
        @Nullable String name,
        @Nullable String algorithm,
        @Nullable String purpose,
        @Nullable String owner,
        @Nullable Map<String, String> tags,
        @Nullable Integer rotationPeriodDays,
        @Nullable String residence) {
    private static final int MAX_TAGS = 16;

    /** A request without faults. */
    record Checked(
            String name,
            Algorithm algorithm,
            String purpose,
            String owner,
            Map<String, String> tags,
            @Nullable Integer rotationPeriodDays,
            Residence residence) {
        Ask ask() {
            return new Ask(1, List.of(), algorithm.name(), purpose, detail(), null);
        }

        /** What goes on the record with the intent. */
        ObjectNode detail() {
            ObjectNode detail = HeldKey.node()
                    .put("name", name)
                    .put("algorithm", algorithm.name())
                    .put("owner", owner)
                    .put("residence", residence.json());
            if (rotationPeriodDays != null) {
                detail.put("rotationPeriodDays", rotationPeriodDays);
            }
            return detail;
        }
    }

    Checked checked(Call call) throws ProblemException {
        if (name == null || name.isBlank() || name.length() > 128) {
            throw invalid("name: is a text of 1 to 128 characters");
        }
        Algorithm wanted = null;
        for (Algorithm candidate : Algorithm.values()) {
            if (candidate.name().equals(algorithm)) {
                wanted = candidate;
            }
        }
        if (wanted == null) {
            throw invalid("algorithm: is none of " + List.of(Algorithm.values()));
        }
        if (purpose != null && !purpose.equals(wanted.purpose().json())) {
            throw invalid("purpose: a key of " + algorithm + " can only "
                    + wanted.purpose().json());
        }
        if (owner != null && (owner.isBlank() || owner.length() > 128)) {
            throw invalid("owner: is a text of 1 to 128 characters");
        }
        if (rotationPeriodDays != null && (rotationPeriodDays < 1 || rotationPeriodDays > 3650)) {
            throw invalid("rotationPeriodDays: is from 1 to 3650");
        }
        Map<String, String> given = tags == null ? Map.of() : tags;
        if (given.size() > MAX_TAGS) {
            throw invalid("tags: has more than " + MAX_TAGS + " entries");
        }
        for (Map.Entry<String, String> tag : given.entrySet()) {
            if (!tag.getKey().matches("[A-Za-z0-9_.-]{1,64}")
                    || (Object) tag.getValue() == null
                    || tag.getValue().length() > 256) {
                throw invalid("tags: names are 1 to 64 of A-Z a-z 0-9 _ . -, values at most 256 characters");
            }
        }
        return new Checked(
                name,
                wanted,
                wanted.purpose().json(),
                owner == null ? call.caller().id() : owner,
                given,
                rotationPeriodDays,
                livingIn(residence));
    }

    private static Residence livingIn(@Nullable String residence) throws ProblemException {
        if (residence == null) {
            return Residence.REPLICATED;
        }
        for (Residence one : Residence.values()) {
            if (one.json().equals(residence)) {
                return one;
            }
        }
        throw invalid("residence: is neither replicated nor resident");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.INVALID_INPUT, detail);
    }
}
