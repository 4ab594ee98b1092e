package dev.keyproof.evidence.access;

import java.util.List;

/**
 * Who calls, as a good token says.
 *
 * @param source the address that the call came from
 */
public record Caller(String id, List<String> roles, String source) {
    public Caller {
        roles = List.copyOf(roles);
    }
}
