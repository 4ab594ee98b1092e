package dev.keyproof.broker.key;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All keys in memory, under a lease: whoever reads them here reads what the database held at most {@link #LEASE_NANOS} ago,
 * or is refused. {@link #renew} is called several times per lease by one thread; readers are any.
 */
public final class LeasedKeys {
    /** 500 ms: the longest that a broker may act on a state that another broker has changed. */
    public static final long LEASE_NANOS = 500_000_000L;

    /** What an alias looks like; no key id does. */
    public static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9._-]{1,62}");

    /** Where the keys' state is read from. */
    public interface Source {
        /** The state now, and whether it comes after the one that was seen. */
        Reading read(StateMark seen) throws ProblemException;

        List<Key> changedSince(long revision) throws ProblemException;

        Optional<Key> find(String id) throws ProblemException;
    }

    /**
     * What all brokers share besides the keys, at one moment.
     *
     * @param follows whether the database holds the state that was seen before
     */
    public record Reading(boolean killSwitch, StateMark state, boolean follows) {}

    private final Source store;
    private final LongSupplier nanoTime;
    private final Consumer<Key> destroyed;
    private final ConcurrentMap<String, HeldKey> keys = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> aliases = new ConcurrentHashMap<>();
    // Written while this is locked; asked is when the last reading began, and is written after what was read.
    private volatile boolean killSwitch;
    private volatile long asked;
    private volatile StateMark seen;
    /** Once true it stays so: what was answered under the newer state cannot be unsaid. */
    private volatile boolean older;

    private final Object turn = new Object();
    // Guarded by turn: the reading that those who found no lease wait for.
    private CompletableFuture<@Nullable Void> reading = CompletableFuture.completedFuture(null);

    /**
     * Begins without keys and without a lease.
     *
     * @param destroyed told of each key of which this broker learns that it was destroyed, by whichever broker
     */
    public LeasedKeys(Source store, LongSupplier nanoTime, Consumer<Key> destroyed) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.destroyed = destroyed;
        this.asked = nanoTime.getAsLong() - LEASE_NANOS;
        this.seen = StateMark.NONE;
    }

    /**
     * Reads what changed and extends the lease from the moment before the reading. A reading that the database keeps waiting keeps
     * nobody else from reading.
     *
     * @throws ProblemException if the database does not answer, and the lease runs out, or {@link Problem#STATE_OLDER}, and it is over
     */
    public void renew() throws ProblemException {
        long now = nanoTime.getAsLong();
        StateMark before = seen;
        Reading read = store.read(before);
        if (older || !read.follows()) {
            older = true;
            throw new ProblemException(
                    Problem.STATE_OLDER,
                    "the database is older than the state " + before.revision()
                            + " that this broker has seen of it; restore the newer one and start the broker again");
        }
        List<Key> changed =
                read.state().equals(before) ? List.of() : store.changedSince(Math.max(0, before.revision()));
        synchronized (this) {
            changed.forEach(this::put);
            if (now - asked >= 0) {
                killSwitch = read.killSwitch();
                asked = now;
                seen = read.state();
            }
        }
    }

    /** The state of the database that this broker has seen. */
    public StateMark seen() {
        return seen;
    }

    /** Whether the database was found to be older than this broker has seen it. */
    public boolean older() {
        return older;
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

    /** The id of the key that an alias stands for, as last read; the name itself where it is none. Using the key asks for the lease. */
    public String resolve(String name) {
        return ALIAS.matcher(name).matches() ? aliases.getOrDefault(name, name) : name;
    }

    /** Whether there is such a key and it has that purpose, as far as this broker can say. */
    public boolean serves(String id, Purpose purpose) {
        try {
            return get(id).key().purpose() == purpose;
        } catch (ProblemException e) {
            return false;
        }
    }

    /** All keys, oldest first. */
    public List<Key> all() throws ProblemException {
        requireLease();
        return keys.values().stream()
                .map(HeldKey::key)
                .sorted(Comparator.comparing(Key::id))
                .toList();
    }

    /**
     * A call that takes long ends when its key does, or when the kill switch is turned, and not after.
     *
     * @throws ProblemException {@link Problem#ILLEGAL_STATE} or {@link Problem#DENIED}
     */
    public void requireStill(String keyId, Lifecycle.Use use) throws ProblemException {
        get(keyId).key().require(use);
        if (killSwitch()) {
            throw ProblemException.denied(List.of("kill-switch"));
        }
    }

    public boolean killSwitch() throws ProblemException {
        requireLease();
        return killSwitch;
    }

    /** Takes over a change that this broker has committed. */
    public synchronized HeldKey put(Key key) {
        HeldKey old = keys.get(key.id());
        if (old != null && old.key().revision() >= key.revision()) {
            return old;
        }
        HeldKey fresh = HeldKey.of(key);
        keys.put(key.id(), fresh);
        if (old != null) {
            old.key().aliases().stream()
                    .filter(name -> !key.aliases().contains(name))
                    .forEach(name -> aliases.remove(name, key.id()));
        }
        key.aliases().forEach(name -> aliases.put(name, key.id()));
        if (old != null && key.state() == KeyState.DESTROYED) {
            destroyed.accept(old.key());
        }
        return fresh;
    }

    /**
     * Waits until no broker acts any more on what it read before this call: every lease that began earlier has ended.
     *
     * @throws ProblemException {@link Problem#INTERNAL} if the broker is stopped meanwhile
     */
    public void awaitEverywhere() throws ProblemException {
        try {
            TimeUnit.NANOSECONDS.sleep(LEASE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.INTERNAL, "the broker is being stopped", e);
        }
    }

    /** Takes over a turn of the kill switch that this broker has committed. */
    public void put(KeyStore.Shared shared) {
        killSwitch = shared.killSwitch();
    }

    public boolean leased() {
        return !older && nanoTime.getAsLong() - asked < LEASE_NANOS;
    }

    /** How long ago the state was read that calls act on. */
    public long ageNanos() {
        return nanoTime.getAsLong() - asked;
    }

    public int size() {
        return keys.size();
    }

    /**
     * On a busy machine the renewing thread may be late; then whoever calls has the database asked, one reading for all who wait, and
     * no longer than a lease lasts: a database that hangs answers nobody. A reading that takes longer than that is not enough to act on.
     */
    private void requireLease() throws ProblemException {
        long until = System.nanoTime() + LEASE_NANOS;
        while (!leased()) {
            try {
                reading().get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof ProblemException why
                        ? new ProblemException(why.problem(), why.detail(), why)
                        : new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer", e);
            } catch (TimeoutException e) {
                throw new ProblemException(
                        Problem.STATE_UNAVAILABLE, "the database answers too slowly to act on what it says", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProblemException(Problem.INTERNAL, "the broker is being stopped", e);
            }
        }
    }

    private CompletableFuture<@Nullable Void> reading() {
        synchronized (turn) {
            if (reading.isDone()) {
                CompletableFuture<@Nullable Void> begun = new CompletableFuture<>();
                reading = begun;
                Thread.ofVirtual().name("lease-reading").start(() -> {
                    try {
                        renew();
                        begun.complete(null);
                    } catch (ProblemException | RuntimeException e) {
                        begun.completeExceptionally(e);
                    }
                });
            }
            return reading;
        }
    }
}
