package dev.keyproof.broker.call;

import java.util.List;

/** Who calls, by the verified subject and roles of its token; or the broker itself. */
public record Caller(String id, List<String> roles) {
    /** The role of the broker itself where it does what is due; no token carries it. */
    public static final String SCHEDULER = "scheduler";

    /** The broker itself. */
    public static final Caller BROKER = new Caller("keyproof-broker", List.of(SCHEDULER));

    public Caller {
        roles = List.copyOf(roles);
    }
}
