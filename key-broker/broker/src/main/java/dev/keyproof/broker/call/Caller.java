package dev.keyproof.broker.call;

import java.util.List;

/** Who calls, by the verified subject and roles of its token. */
public record Caller(String id, List<String> roles) {
    public Caller {
        roles = List.copyOf(roles);
    }
}
