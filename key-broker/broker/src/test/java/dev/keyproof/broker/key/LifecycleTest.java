package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.broker.key.Lifecycle.Change;
import dev.keyproof.broker.key.Lifecycle.Use;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The table against a model that states NIST's rules one by one. */
class LifecycleTest {
    /** What a key lived through, without any table. */
    private static final class Model {
        boolean activated;
        boolean suspended;
        boolean deactivated;
        boolean compromised;
        boolean ordered;
        boolean destroyed;

        boolean apply(Change change) {
            boolean usable = activated && !deactivated && !compromised && !destroyed;
            boolean legal = switch (change) {
                case ACTIVATE -> !activated && !compromised && !destroyed && !ordered;
                case SUSPEND, ROTATE, BACK_OUT -> usable && !suspended && !ordered;
                case RESUME -> usable && suspended && !ordered;
                case DEACTIVATE -> usable;
                case COMPROMISE -> !compromised && !destroyed;
                case SCHEDULE_DESTRUCTION -> !destroyed && !ordered;
                case CANCEL_DESTRUCTION -> !destroyed && ordered;
                case DESTROY -> !destroyed;
            };
            if (legal) {
                switch (change) {
                    case ACTIVATE -> activated = true;
                    case SUSPEND -> suspended = true;
                    case RESUME -> suspended = false;
                    case ROTATE, BACK_OUT -> {}
                    case DEACTIVATE -> deactivated = true;
                    case COMPROMISE -> compromised = true;
                    case SCHEDULE_DESTRUCTION -> {
                        ordered = true;
                        suspended = suspended || usable;
                    }
                    case CANCEL_DESTRUCTION -> ordered = false;
                    case DESTROY -> destroyed = true;
                }
            }
            return legal;
        }

        boolean protects() {
            return activated && !suspended && !deactivated && !compromised && !destroyed && !ordered;
        }

        boolean processes() {
            return !destroyed && !ordered && (compromised || (activated && (deactivated || !suspended)));
        }
    }

    @Property(tries = 2000)
    void theTableDoesWhatTheRulesSay(@ForAll List<Change> changes) {
        Model model = new Model();
        KeyState state = KeyState.PRE_ACTIVE;
        for (Change change : changes) {
            Optional<KeyState> after = Lifecycle.after(state, model.ordered, change);
            assertThat(after.isPresent()).as("%s of %s", change, state).isEqualTo(model.apply(change));
            state = after.orElse(state);
            assertThat(Lifecycle.permits(state, model.ordered, Use.PROTECT)).isEqualTo(model.protects());
            assertThat(Lifecycle.permits(state, model.ordered, Use.PROCESS)).isEqualTo(model.processes());
        }
    }

    @Property
    void nothingLeavesDestroyed(@ForAll Change change) {
        assertThat(Lifecycle.after(KeyState.DESTROYED, false, change)).isEmpty();
        assertThat(Lifecycle.after(KeyState.DESTROYED, true, change)).isEmpty();
    }
}
