package dev.keyproof.event;

import org.jspecify.annotations.Nullable;

/** The cloud an event happened in. */
public record Cloud(
        String provider,
        @Nullable String region,
        User.@Nullable Account account,
        @Nullable String projectUid) {}
