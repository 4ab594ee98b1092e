package dev.keyproof.broker.operation;

import org.jspecify.annotations.Nullable;

/**
 * A request to change a key's state, with the approval where policy asks for one.
 *
 * @param reason why, in the caller's words; on the record
 */
public record Change(@Nullable String approval, @Nullable String reason) {
    /** Without approval. */
    public static final Change PLAIN = new Change(null, null);

    /** Without approval, for that reason. */
    public static Change because(String reason) {
        return new Change(null, reason);
    }
}
