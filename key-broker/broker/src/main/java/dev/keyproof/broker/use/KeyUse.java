package dev.keyproof.broker.use;

import java.time.Instant;

/** What somebody did with a key in a time: how many operations (items of batches), and when last. */
public record KeyUse(String key, String actor, long operations, Instant last) {}
