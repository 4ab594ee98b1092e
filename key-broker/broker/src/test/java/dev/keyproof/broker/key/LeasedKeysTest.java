package dev.keyproof.broker.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The lease on a clock and a database that the test turns. */
class LeasedKeysTest {
    private static final class TestingSource implements LeasedKeys.Source {
        boolean answers = true;
        boolean on;
        boolean follows = true;
        int readings;
        List<Key> changed = List.of();
        List<Key> made = List.of();

        @Override
        public LeasedKeys.Reading read(StateMark seen) throws ProblemException {
            if (!answers) {
                throw new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer");
            }
            readings++;
            return new LeasedKeys.Reading(on, new StateMark(readings, "mark"), follows);
        }

        @Override
        public List<Key> changedSince(long revision) {
            return revision < readings ? changed : List.of();
        }

        @Override
        public Optional<Key> find(String id) {
            return made.stream().filter(key -> key.id().equals(id)).findFirst();
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

    private static Key key(KeyState state, long revision) {
        return new Key(
                "01KAV3J8Q4W6Z0X1Y2T3R4S5P6",
                new Description("k", "payments", Map.of(), null, null, Scope.ANY),
                Purpose.SIGN,
                Algorithm.EC_P256,
                state,
                Instant.EPOCH,
                new Terms(null, 0, null, null),
                "pkcs11",
                Residence.REPLICATED,
                new DeviceAttributes(
                        true, false, true, true, true, false, false, false, false, true, false, false, false, "EC",
                        256),
                List.of(new KeyVersion(
                        "01KAV3J8Q4W6Z0X1Y2T3R4S5P6",
                        1,
                        Algorithm.EC_P256,
                        "reference",
                        Instant.EPOCH,
                        "birth",
                        new byte[] {1},
                        null)),
                1,
                List.of(),
                revision);
    }

    @Test
    void aDestroyedKeyDoesNotComeBackByWhatWasReadBefore() throws ProblemException {
        List<Key> gone = new ArrayList<>();
        LeasedKeys held = new LeasedKeys(source, () -> now, gone::add);
        held.renew();
        Key active = key(KeyState.ACTIVE, 5);
        held.put(active);

        held.put(active.after(Lifecycle.Change.DESTROY).at(7, List.of()));
        // Whoever read it before the destruction is late with it.
        held.put(active);
        held.put(key(KeyState.ACTIVE, 7));

        assertThat(held.get(active.id()).key().state()).isEqualTo(KeyState.DESTROYED);
        assertThat(held.get(active.id()).key().current().wrapped()).isNull();
        assertThat(gone).as("the provider lets go of it, once").containsExactly(active);
    }

    @Test
    void aDatabaseThatIsOlderThanItWasIsNotBelievedAgain() throws ProblemException {
        keys.renew();
        source.follows = false;

        assertThatThrownBy(keys::renew)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.STATE_OLDER));
        source.follows = true;

        assertThat(keys.leased()).isFalse();
        assertThatThrownBy(keys::killSwitch)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.STATE_OLDER));
        assertThat(keys.seen().revision()).isEqualTo(1);
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

    private void refused(Problem problem, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }

    @Test
    void itBeginsWithoutLease() {
        assertThat(keys.leased()).isFalse();
        source.answers = false;

        refused(Problem.STATE_UNAVAILABLE, keys::all);
    }

    @Test
    void whatChangedIsReadOnRenewal() throws ProblemException {
        source.changed = List.of(key(KeyState.ACTIVE, 1));
        keys.renew();

        assertThat(keys.size()).isEqualTo(1);
        assertThat(keys.all()).isEqualTo(source.changed);
    }

    @Test
    void aKeyThatAnotherBrokerJustMadeIsAskedFor() throws ProblemException {
        source.made = List.of(key(KeyState.ACTIVE, 3));
        keys.renew();

        Key made = source.made.getFirst();
        assertThat(keys.get(made.id()).key()).isEqualTo(made);
        assertThat(keys.serves(made.id(), Purpose.SIGN)).isTrue();
        assertThat(keys.serves(made.id(), Purpose.MAC)).isFalse();
        assertThat(keys.serves("none", Purpose.SIGN)).isFalse();
        refused(Problem.KEY_NOT_FOUND, () -> keys.get("none"));
    }

    @Test
    void aHeldKeyIsNotReadWithoutLease() throws ProblemException {
        keys.renew();
        Key held = keys.put(key(KeyState.ACTIVE, 3)).key();
        source.answers = false;
        now += LeasedKeys.LEASE_NANOS;

        refused(Problem.STATE_UNAVAILABLE, () -> keys.get(held.id()));
    }

    @Test
    void aReadingThatTakesLongerThanTheLeaseIsNotActedOn() {
        // Each look at the clock takes longer than a lease.
        LeasedKeys slow = new LeasedKeys(source, () -> now += LeasedKeys.LEASE_NANOS, gone -> {});

        refused(Problem.STATE_UNAVAILABLE, slow::killSwitch);
        assertThat(source.readings).isPositive();
    }

    @Test
    void aNameIsResolvedUntilTheKeyHasItNoMore() throws ProblemException {
        keys.renew();
        Key one = key(KeyState.ACTIVE, 1);
        keys.put(one.at(2, List.of("orders", "invoices")));
        assertThat(keys.resolve("orders")).isEqualTo(one.id());
        assertThat(keys.resolve(one.id())).isEqualTo(one.id());
        assertThat(keys.resolve("unknown")).isEqualTo("unknown");

        keys.put(one.at(3, List.of("invoices")));

        assertThat(keys.resolve("orders")).isEqualTo("orders");
        assertThat(keys.resolve("invoices")).isEqualTo(one.id());
    }

    @Test
    void aLongCallEndsWithItsKeyOrByTheKillSwitch() throws ProblemException {
        keys.renew();
        Key active = keys.put(key(KeyState.ACTIVE, 3)).key();
        keys.requireStill(active.id(), Lifecycle.Use.PROTECT);

        keys.put(new KeyStore.Shared(4, true));
        refused(Problem.DENIED, () -> keys.requireStill(active.id(), Lifecycle.Use.PROTECT));
        keys.put(new KeyStore.Shared(5, false));

        keys.put(key(KeyState.SUSPENDED, 6));
        refused(Problem.ILLEGAL_STATE, () -> keys.requireStill(active.id(), Lifecycle.Use.PROTECT));
    }

    @Test
    void allLeasesAreOutlived() throws ProblemException {
        long began = System.nanoTime();

        keys.awaitEverywhere();

        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(LeasedKeys.LEASE_NANOS);
        Thread.currentThread().interrupt();
        refused(Problem.INTERNAL, keys::awaitEverywhere);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    }
}
