package dev.keyproof.event;

import org.jspecify.annotations.Nullable;

/** The session an actor used. Times are milliseconds since the epoch. */
public record Session(
        @Nullable String uid,
        @Nullable String uidAlt,
        @Nullable String issuer,
        @Nullable Boolean isMfa,
        @Nullable Long createdTime,
        @Nullable Long expirationTime) {}
