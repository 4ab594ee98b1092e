package dev.keyproof.event;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A key, in most cases: {@code uid} is our opaque ULID or the provider's URN, {@code version} the key version used,
 * {@code data} the key's state after the operation where the operation changed it.
 */
public record Resource(
        String uid,
        @Nullable String name,
        @Nullable String type,
        @Nullable String version,
        @Nullable Integer roleId,
        @Nullable Owner owner,
        @Nullable JsonNode data) {

    /** The type of a key that the broker made. */
    public static final String KEY = "key";

    public static Resource key(String uid, @Nullable String version, @Nullable JsonNode state) {
        return new Resource(uid, null, KEY, version, null, null, state);
    }

    /** The owner of a resource in a cloud. */
    public record Owner(User.Account account) {}
}
