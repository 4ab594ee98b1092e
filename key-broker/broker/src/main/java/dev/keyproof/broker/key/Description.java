package dev.keyproof.broker.key;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people say of a key.
 *
 * @param owner who answers for it
 * @param sensitivity of what it protects, in the organisation's own classes
 * @param residency where what it protects may be, in the organisation's own classes
 */
public record Description(
        String name,
        String owner,
        Map<String, String> tags,
        @Nullable String sensitivity,
        @Nullable String residency,
        Scope scope) {
    public Description {
        tags = Map.copyOf(tags);
    }
}
