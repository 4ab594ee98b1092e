package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key's state as the API shows it, policy reads it and events carry it. Times are RFC 3339 in UTC; {@code rotated} is
 * the birth of the current version.
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
        String created,
        String rotated,
        @Nullable Integer rotationPeriodDays,
        String provider,
        Residence residence,
        DeviceAttributes attributes) {}
