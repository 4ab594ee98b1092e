package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** For whom a key works: one service, one tenant, one environment, as far as it is bound to them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scope(
        @Nullable String service,
        @Nullable String tenant,
        @Nullable String environment) {
    /** Bound to none. */
    public static final Scope ANY = new Scope(null, null, null);
}
