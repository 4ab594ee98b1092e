package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lease on a clock and a database that the test turns. */
class LeasedKeysTest {
    private static final class TestingSource implements LeasedKeys.Source {
        boolean answers = true;
        boolean on;
        int readings;

        @Override
        public KeyStore.Shared shared() throws ProblemException {
            if (!answers) {
                throw new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer");
            }
            readings++;
            return new KeyStore.Shared(readings, on);
        }

        @Override
        public List<Key> changedSince(long revision) {
            return List.of();
        }

        @Override
        public Optional<Key> find(String id) {
            return Optional.empty();
        }
    }

    private final TestingSource source = new TestingSource();
    private long now;
    private final LeasedKeys keys = new LeasedKeys(source, () -> now, gone -> {});

    @Test
    void withinTheLeaseTheDatabaseIsNotAsked() throws ProblemException {
        keys.renew();
        now += LeasedKeys.LEASE_NANOS - 1;
        source.answers = false;

        assertThat(keys.killSwitch()).isFalse();
        assertThat(source.readings).isEqualTo(1);
    }

    @Test
    void afterTheLeaseTheCallerAsksForItself() throws ProblemException {
        keys.renew();
        source.on = true;
        now += LeasedKeys.LEASE_NANOS;

        assertThat(keys.killSwitch()).isTrue();
        assertThat(source.readings).isEqualTo(2);
    }

    @Test
    void withoutLeaseAndDatabaseEverythingIsRefused() throws ProblemException {
        keys.renew();
        source.answers = false;
        now += LeasedKeys.LEASE_NANOS;

        assertThat(keys.leased()).isFalse();
        assertThatThrownBy(keys::killSwitch)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.STATE_UNAVAILABLE));
        assertThatThrownBy(() -> keys.get("x")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(keys::all).isInstanceOf(ProblemException.class);
    }
}
