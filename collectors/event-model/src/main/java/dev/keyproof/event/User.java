package dev.keyproof.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An actor by opaque id; names live in an erasable directory, except where an outside origin reported one. */
public record User(
        @Nullable String uid,
        @Nullable String uidAlt,
        @Nullable String name,
        @Nullable String type,
        @Nullable Integer typeId,
        @Nullable String credentialUid,
        @Nullable List<Named> groups,
        @Nullable Account account) {

    /** A caller of ours, known by the subject of its token. */
    public static User of(String uid, List<String> roles) {
        return new User(
                uid,
                null,
                null,
                null,
                null,
                null,
                roles.stream().map(Named::new).toList(),
                null);
    }

    /** A group or role by name. */
    public record Named(String name) {}

    /** A cloud account by id. */
    public record Account(String uid) {}
}
