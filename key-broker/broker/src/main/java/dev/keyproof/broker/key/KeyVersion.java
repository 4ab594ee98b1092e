package dev.keyproof.broker.key;

import java.time.Instant;

/** One version of a key. {@code reference} is the provider's own name for it. */
public record KeyVersion(String keyId, int version, Algorithm algorithm, String reference, Instant created) {}
