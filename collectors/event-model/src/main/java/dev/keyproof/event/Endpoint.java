package dev.keyproof.event;

import org.jspecify.annotations.Nullable;

/** Where a call came from; at least one of {@code ip}, {@code svcName}, {@code name}, {@code uid} is present. */
public record Endpoint(
        @Nullable String ip,
        @Nullable Integer port,
        @Nullable String svcName,
        @Nullable String name,
        @Nullable String uid) {

    public static Endpoint ip(String ip) {
        return new Endpoint(ip, null, null, null, null);
    }

    public static Endpoint service(String name) {
        return new Endpoint(null, null, name, null, null);
    }
}
