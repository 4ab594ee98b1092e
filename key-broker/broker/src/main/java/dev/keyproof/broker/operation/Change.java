package dev.keyproof.broker.operation;

import org.jspecify.annotations.Nullable;

/** A request to change a key's state, with the approval where policy asks for one. */
public record Change(@Nullable String approval) {
    /** Without approval. */
    public static final Change PLAIN = new Change(null);
}
