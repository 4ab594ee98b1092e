package dev.keyproof.broker.elevation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which keys an elevation covers: those that meet all that is said, and something is.
 *
 * @param keys ids of the keys; any key where it is empty
 * @param tags that the key must have
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Coverage(
        List<String> keys,
        Map<String, String> tags,
        @Nullable String service,
        @Nullable String tenant,
        @Nullable String environment) {
    public Coverage {
        keys = List.copyOf(keys);
        tags = Map.copyOf(tags);
    }

    /** Whether it names no key and says nothing that a key must meet. */
    @JsonIgnore
    public boolean isBoundless() {
        return keys.isEmpty() && tags.isEmpty() && service == null && tenant == null && environment == null;
    }

    boolean covers(Key key) {
        Scope scope = key.description().scope();
        return !isBoundless()
                && (keys.isEmpty() || keys.contains(key.id()))
                && key.description().tags().entrySet().containsAll(tags.entrySet())
                && (service == null || Objects.equals(service, scope.service()))
                && (tenant == null || Objects.equals(tenant, scope.tenant()))
                && (environment == null || Objects.equals(environment, scope.environment()));
    }
}
