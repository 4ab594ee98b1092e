package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.Description;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Purpose;
import dev.keyproof.broker.key.Residence;
import dev.keyproof.broker.key.Scope;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key that is asked for.
 *
 * @param algorithm such as {@code AES_256_GCM}
 * @param purpose {@code encrypt}, {@code wrap}, {@code sign}, {@code mac} or {@code derive}; the algorithm's usual one when absent
 * @param owner who answers for the key; the caller when absent
 * @param sensitivity of what it protects, in the organisation's own classes
 * @param residency where what it protects may be, in the organisation's own classes
 * @param scope the service, tenant and environment that it works for
 * @param rotationPeriodDays after how many days it is rotated; policy's own period when absent
 * @param usageLimit how often one version may protect; never more than policy allows
 * @param activates RFC 3339 time until which it is pre-active
 * @param residence name of a {@link Residence}; a replicated key when absent
 */
public record NewKey(
        @Nullable String name,
        @Nullable String algorithm,
        @Nullable String purpose,
        @Nullable String owner,
        @Nullable Map<String, String> tags,
        @Nullable String sensitivity,
        @Nullable String residency,
        @Nullable Scope scope,
        @Nullable Integer rotationPeriodDays,
        @Nullable Long usageLimit,
        @Nullable String activates,
        @Nullable String residence) {

    /** A request without faults. */
    record Checked(
            Description description,
            Algorithm algorithm,
            Purpose purpose,
            @Nullable Integer rotationPeriodDays,
            @Nullable Long usageLimit,
            @Nullable Instant activates,
            Residence residence) {
        Ask ask() {
            return new Ask(1, List.of(), algorithm.name(), purpose.json(), detail(), null, null, null);
        }

        /** What goes on the record with the intent. */
        ObjectNode detail() {
            ObjectNode detail = HeldKey.node()
                    .put("name", description.name())
                    .put("algorithm", algorithm.name())
                    .put("owner", description.owner())
                    .put("residence", residence.json());
            if (rotationPeriodDays != null) {
                detail.put("rotationPeriodDays", rotationPeriodDays);
            }
            if (usageLimit != null) {
                detail.put("usageLimit", usageLimit);
            }
            if (activates != null) {
                detail.put("activates", activates.toString());
            }
            return detail;
        }
    }

    Checked checked(Call call) throws ProblemException {
        Algorithm wanted = named(algorithm);
        if (usageLimit != null && usageLimit < 1) {
            throw Fields.invalid("usageLimit: is at least 1");
        }
        return new Checked(
                new Description(
                        Fields.text(name, "name"),
                        owner == null ? call.caller().id() : Fields.text(owner, "owner"),
                        Fields.tags(tags),
                        Fields.classed(sensitivity, "sensitivity"),
                        Fields.classed(residency, "residency"),
                        Fields.scope(scope)),
                wanted,
                serving(wanted),
                Fields.rotation(rotationPeriodDays),
                usageLimit,
                beginning(),
                livingIn(residence));
    }

    private static Algorithm named(@Nullable String algorithm) throws ProblemException {
        for (Algorithm candidate : Algorithm.values()) {
            if (candidate.name().equals(algorithm)) {
                return candidate;
            }
        }
        throw Fields.invalid("algorithm: is none of " + List.of(Algorithm.values()));
    }

    private Purpose serving(Algorithm wanted) throws ProblemException {
        if (purpose == null) {
            return wanted.purposes().getFirst();
        }
        Optional<Purpose> asked = wanted.purposes().stream()
                .filter(one -> one.json().equals(purpose))
                .findFirst();
        return asked.orElseThrow(() -> Fields.invalid("purpose: a key of " + algorithm + " can only "
                + String.join(
                        " or ", wanted.purposes().stream().map(Purpose::json).toList())));
    }

    private @Nullable Instant beginning() throws ProblemException {
        if (activates == null) {
            return null;
        }
        try {
            return Instant.parse(activates).truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeParseException e) {
            throw Fields.invalid("activates: is an RFC 3339 time in UTC");
        }
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
        throw Fields.invalid("residence: is neither replicated nor resident");
    }
}
