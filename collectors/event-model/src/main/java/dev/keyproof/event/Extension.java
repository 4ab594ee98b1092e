package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Keyproof adds to OCSF, under {@code unmapped.keyproof}.
 *
 * @param kind what sort of record this is
 * @param run the run a caller said its call belongs to
 * @param epoch the epoch of the source; with {@code metadata.source} and {@code metadata.sequence} the place in the order
 * @param previous hex SHA-256 of the source's previous record, 64 zeros before the first
 * @param durationUs exact duration in microseconds
 * @param intent uid of the intent record that this outcome completes
 * @param decision what policy decided, and on what
 * @param detail whatever else this kind of record states
 */
public record Extension(
        Kind kind,
        @Nullable String run,
        @Nullable String epoch,
        @Nullable String previous,
        @Nullable Long durationUs,
        @Nullable String intent,
        @Nullable Decision decision,
        @Nullable JsonNode detail) {

    /** What sort of record an event is. */
    public enum Kind {
        /** The outcome of a key operation: done, failed or refused. The only kind that is counted as an operation. */
        OPERATION,
        /** Written before the effect of an operation that changes state. */
        INTENT,
        /** A step of an approval. */
        APPROVAL,
        /** An event of a part of Keyproof itself. */
        SERVICE,
        /** Refusals of strangers, counted in aggregate. */
        REFUSALS,
        /** A record of another origin. */
        OBSERVED;

        @JsonValue
        String json() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Kind of(String json) {
            return valueOf(json.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A decision that can be made again: {@code policy} and {@code data} are {@code sha256:}-digests of the bundle and of the
     * data it read, {@code input} the whole input, {@code result} the whole result.
     */
    public record Decision(boolean allow, String policy, String data, JsonNode input, JsonNode result) {}

    /** The same extension at its place in its source's chain. */
    public Extension chained(String epoch, String previous) {
        return new Extension(kind, run, epoch, previous, durationUs, intent, decision, detail);
    }
}
