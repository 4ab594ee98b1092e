package dev.keyproof.event;

import org.jspecify.annotations.Nullable;

/** Who acted: a user, or a service on its own behalf. One of the two is present. */
public record Actor(
        @Nullable User user,
        @Nullable Session session,
        @Nullable String invokedBy,
        @Nullable String appUid) {

    public static Actor user(User user) {
        return new Actor(user, null, null, null);
    }

    public static Actor service(String name) {
        return new Actor(null, null, name, null);
    }
}
