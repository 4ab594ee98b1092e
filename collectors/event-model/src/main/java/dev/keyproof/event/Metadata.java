package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OCSF metadata. Per {@code source} and {@code unmapped.keyproof.epoch} the {@code sequence} has no gaps and starts at 0;
 * findings carry no sequence but a deterministic {@code uid}.
 */
@JsonPropertyOrder("version")
public record Metadata(
        String uid,
        Product product,
        @Nullable String source,
        @Nullable Long sequence,
        @Nullable String correlationUid,
        @Nullable String originalEventUid,
        @Nullable String originalTime,
        @Nullable Long loggedTime,
        @Nullable String eventCode,
        @Nullable String logVersion,
        @Nullable String logProvider,
        @Nullable List<String> profiles) {

    /** The OCSF version that every event states. */
    public static final String OCSF_VERSION = "1.8.0";

    /** Metadata of an event that has its own identity but, so far, no place in an order. */
    public static Metadata of(String uid, Product product) {
        return new Metadata(uid, product, null, null, null, null, null, null, null, null, null, null);
    }

    /** The same metadata placed at {@code sequence} of {@code source}. */
    public Metadata at(String source, long sequence) {
        return new Metadata(
                uid,
                product,
                source,
                sequence,
                correlationUid,
                originalEventUid,
                originalTime,
                loggedTime,
                eventCode,
                logVersion,
                logProvider,
                profiles);
    }

    @JsonProperty
    public String version() {
        return OCSF_VERSION;
    }
}
