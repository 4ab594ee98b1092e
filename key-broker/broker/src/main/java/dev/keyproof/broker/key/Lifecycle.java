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

/**
 * The one table of transitions (NIST SP 800-57 part 1, section 7), and what a key may do in each state. Nothing else in the
 * broker compares states.
 */
public final class Lifecycle {
    /** A change of a key's state. */
    public enum Change {
        ACTIVATE,
        SUSPEND,
        RESUME,
        ROTATE,
        BACK_OUT,
        DEACTIVATE,
        COMPROMISE,
        SCHEDULE_DESTRUCTION,
        CANCEL_DESTRUCTION,
        DESTROY
    }

    /** What a key is used for: to protect something new, or to process what it protected before. */
    public enum Use {
        PROTECT,
        PROCESS
    }

    private static final Map<KeyState, Map<Change, KeyState>> TRANSITIONS = Map.of(
            PRE_ACTIVE,
            Map.of(
                    Change.ACTIVATE, ACTIVE,
                    Change.COMPROMISE, COMPROMISED,
                    Change.SCHEDULE_DESTRUCTION, PRE_ACTIVE,
                    Change.CANCEL_DESTRUCTION, PRE_ACTIVE,
                    Change.DESTROY, DESTROYED),
            ACTIVE,
            Map.of(
                    Change.SUSPEND, SUSPENDED,
                    Change.ROTATE, ACTIVE,
                    Change.BACK_OUT, ACTIVE,
                    Change.DEACTIVATE, DEACTIVATED,
                    Change.COMPROMISE, COMPROMISED,
                    Change.SCHEDULE_DESTRUCTION, SUSPENDED,
                    Change.DESTROY, DESTROYED),
            SUSPENDED,
            Map.of(
                    Change.RESUME, ACTIVE,
                    Change.DEACTIVATE, DEACTIVATED,
                    Change.COMPROMISE, COMPROMISED,
                    Change.SCHEDULE_DESTRUCTION, SUSPENDED,
                    Change.CANCEL_DESTRUCTION, SUSPENDED,
                    Change.DESTROY, DESTROYED),
            DEACTIVATED,
            Map.of(
                    Change.COMPROMISE, COMPROMISED,
                    Change.SCHEDULE_DESTRUCTION, DEACTIVATED,
                    Change.CANCEL_DESTRUCTION, DEACTIVATED,
                    Change.DESTROY, DESTROYED),
            COMPROMISED,
            Map.of(
                    Change.SCHEDULE_DESTRUCTION, COMPROMISED,
                    Change.CANCEL_DESTRUCTION, COMPROMISED,
                    Change.DESTROY, DESTROYED),
            DESTROYED,
            Map.of());

    /** What may become of a key while its destruction is ordered; nothing of it may be used. */
    private static final Set<Change> WHILE_ORDERED =
            EnumSet.of(Change.CANCEL_DESTRUCTION, Change.DEACTIVATE, Change.COMPROMISE, Change.DESTROY);

    private static final Map<KeyState, Set<Use>> USES = Map.of(
            PRE_ACTIVE, EnumSet.noneOf(Use.class),
            ACTIVE, EnumSet.allOf(Use.class),
            SUSPENDED, EnumSet.noneOf(Use.class),
            DEACTIVATED, EnumSet.of(Use.PROCESS),
            COMPROMISED, EnumSet.of(Use.PROCESS),
            DESTROYED, EnumSet.noneOf(Use.class));

    private Lifecycle() {}

    /**
     * The state after the change, or nothing where the change is illegal.
     *
     * @param ordered whether the key's destruction is ordered
     */
    public static Optional<KeyState> after(KeyState state, boolean ordered, Change change) {
        if (ordered ? !WHILE_ORDERED.contains(change) : change == Change.CANCEL_DESTRUCTION) {
            return Optional.empty();
        }
        return Optional.ofNullable(TRANSITIONS.getOrDefault(state, Map.of()).get(change));
    }

    /** Whether a key may be used so. */
    public static boolean permits(KeyState state, boolean ordered, Use use) {
        return !ordered && USES.getOrDefault(state, Set.of()).contains(use);
    }
}
