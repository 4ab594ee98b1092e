package dev.keyproof.broker.key;

import static dev.keyproof.broker.key.KeyState.ACTIVE;
import static dev.keyproof.broker.key.KeyState.COMPROMISED;
import static dev.keyproof.broker.key.KeyState.DEACTIVATED;
import static dev.keyproof.broker.key.KeyState.DESTROYED;
import static dev.keyproof.broker.key.KeyState.PRE_ACTIVE;
import static dev.keyproof.broker.key.KeyState.SUSPENDED;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The one table of transitions, and what a key may do in each state. Nothing else in the broker compares states. */
public final class Lifecycle {
    /** A change of a key's state. */
    public enum Change {
        ACTIVATE,
        SUSPEND,
        RESUME,
        ROTATE,
        DEACTIVATE,
        COMPROMISE,
        DESTROY
    }

    /** What a key is used for: to protect something new, or to process what it protected before. */
    public enum Use {
        PROTECT,
        PROCESS
    }

    private static final Map<KeyState, Map<Change, KeyState>> TRANSITIONS = Map.of(
            PRE_ACTIVE,
            Map.of(Change.ACTIVATE, ACTIVE, Change.COMPROMISE, COMPROMISED, Change.DESTROY, DESTROYED),
            ACTIVE,
            Map.of(
                    Change.SUSPEND,
                    SUSPENDED,
                    Change.ROTATE,
                    ACTIVE,
                    Change.DEACTIVATE,
                    DEACTIVATED,
                    Change.COMPROMISE,
                    COMPROMISED,
                    Change.DESTROY,
                    DESTROYED),
            SUSPENDED,
            Map.of(
                    Change.RESUME,
                    ACTIVE,
                    Change.DEACTIVATE,
                    DEACTIVATED,
                    Change.COMPROMISE,
                    COMPROMISED,
                    Change.DESTROY,
                    DESTROYED),
            DEACTIVATED,
            Map.of(Change.COMPROMISE, COMPROMISED, Change.DESTROY, DESTROYED),
            COMPROMISED,
            Map.of(Change.DESTROY, DESTROYED),
            DESTROYED,
            Map.of());

    private static final Map<KeyState, Set<Use>> USES = Map.of(
            PRE_ACTIVE, EnumSet.noneOf(Use.class),
            ACTIVE, EnumSet.allOf(Use.class),
            SUSPENDED, EnumSet.noneOf(Use.class),
            DEACTIVATED, EnumSet.of(Use.PROCESS),
            COMPROMISED, EnumSet.of(Use.PROCESS),
            DESTROYED, EnumSet.noneOf(Use.class));

    private Lifecycle() {}

    /** The state after the change, or nothing where the change is illegal. */
    public static Optional<KeyState> after(KeyState state, Change change) {
        return Optional.ofNullable(TRANSITIONS.getOrDefault(state, Map.of()).get(change));
    }

    public static boolean permits(KeyState state, Use use) {
        return USES.getOrDefault(state, Set.of()).contains(use);
    }
}
