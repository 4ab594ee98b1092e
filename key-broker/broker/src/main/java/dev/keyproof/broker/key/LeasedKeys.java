package dev.keyproof.broker.key;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * All keys in memory, under a lease: whoever reads them here reads what the database held at most {@link #LEASE_NANOS} ago,
 * or is refused. {@link #renew} is called several times per lease by one thread; readers are any.
 */
public final class LeasedKeys {
    /** 500 ms: the longest that a broker may act on a state that another broker has changed. */
    public static final long LEASE_NANOS = 500_000_000L;

    /** Where the keys' state is read from. */
    public interface Source {
        KeyStore.Shared shared() throws ProblemException;

        List<Key> changedSince(long revision) throws ProblemException;

        Optional<Key> find(String id) throws ProblemException;
    }

    private final Source store;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, HeldKey> keys = new ConcurrentHashMap<>();
    // Written while this is locked; asked is when the last reading began, and is written after what was read.
    private volatile boolean killSwitch;
    private volatile long asked;
    private long revision;

    public LeasedKeys(Source store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.asked = nanoTime.getAsLong() - LEASE_NANOS;
    }

    /**
     * Reads what changed and extends the lease from the moment before the reading.
     *
     * @throws ProblemException if the database does not answer; the lease then runs out
     */
    public synchronized void renew() throws ProblemException {
        long now = nanoTime.getAsLong();
        KeyStore.Shared shared = store.shared();
        if (shared.revision() != revision) {
            store.changedSince(revision).forEach(this::put);
            revision = shared.revision();
        }
        killSwitch = shared.killSwitch();
        asked = now;
    }

    /**
     * The key.
     *
     * @throws ProblemException {@link Problem#KEY_NOT_FOUND}, or {@link Problem#STATE_UNAVAILABLE} if the lease is lost and the
     *     database does not answer
     */
    public HeldKey get(String id) throws ProblemException {
        requireLease();
        HeldKey held = keys.get(id);
        if (held != null) {
            return held;
        }
        // Another broker may have made it since the last reading.
        Key found =
                store.find(id).orElseThrow(() -> new ProblemException(Problem.KEY_NOT_FOUND, "there is no such key"));
        return put(found);
    }

    /** All keys, oldest first. */
    public List<Key> all() throws ProblemException {
        requireLease();
        return keys.values().stream()
                .map(HeldKey::key)
                .sorted(Comparator.comparing(Key::id))
                .toList();
    }

    public boolean killSwitch() throws ProblemException {
        requireLease();
        return killSwitch;
    }

    /** Takes over a change that this broker has committed. */
    public HeldKey put(Key key) {
        return keys.merge(
                key.id(),
                HeldKey.of(key),
                (old, fresh) -> fresh.key().revision() > old.key().revision() ? fresh : old);
    }

    /** Takes over a turn of the kill switch that this broker has committed. */
    public void put(KeyStore.Shared shared) {
        killSwitch = shared.killSwitch();
    }

    public boolean leased() {
        return nanoTime.getAsLong() - asked < LEASE_NANOS;
    }

    public int size() {
        return keys.size();
    }

    /**
     * On a busy machine the renewing thread may be late; then whoever calls asks the database for itself, and what was read
     * after the call came in is fresh enough for it, however long the reading took.
     */
    private void requireLease() throws ProblemException {
        if (leased()) {
            return;
        }
        long arrived = nanoTime.getAsLong();
        synchronized (this) {
            if (!leased() && asked - arrived < 0) {
                renew();
            }
        }
    }
}
