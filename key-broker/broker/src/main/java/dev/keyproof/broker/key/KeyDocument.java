package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key's state as the API shows it, policy reads it and events carry it. Times are RFC 3339 in UTC; {@code rotated} is
 * the birth of the current version, {@code destroys} when a destruction that was ordered is due, {@code revision} what its
 * {@link EntityTag} is made of.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record KeyDocument(
        String id,
        String name,
        Purpose purpose,
        Algorithm algorithm,
        KeyState state,
        int version,
        String owner,
        Map<String, String> tags,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sensitivity,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String residency,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Scope scope,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> aliases,
        String created,
        String rotated,
        @Nullable Integer rotationPeriodDays,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long usageLimit,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String activates,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String destroys,
        String provider,
        Residence residence,
        DeviceAttributes attributes,
        @JsonIgnore long revision) {}
