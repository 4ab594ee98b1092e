package dev.keyproof.broker.use;

import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts uses. The limit of a key version holds over all brokers and crashes: each broker takes blocks of uses from the
 * database before it uses them, and what it does not use is lost to the key. Who used what is kept here and written down by
 * {@link #write}; a crash loses the last seconds of that view, never of the journal. Thread-safe.
 */
public final class Uses {
    /** At most this many uses are lost to a key by a crash; of a small limit a thousandth. */
    private static final long BLOCK = 65_536;

    private final UseStore store;
    private final Blocks blocks;
    private final Clock clock;
    private final ConcurrentMap<String, AtomicLong> left = new ConcurrentHashMap<>();
    private final ConcurrentMap<Who, Tally> tallies = new ConcurrentHashMap<>();

    public Uses(UseStore store, Clock clock) {
        this.store = store;
        this.blocks = new Blocks(store);
        this.clock = clock;
    }

    private record Who(String key, String actor) {}

    private record Tally(long operations, Instant last) {
        Tally plus(Tally other) {
            return new Tally(operations + other.operations, other.last.isAfter(last) ? other.last : last);
        }
    }

    /**
     * Takes one use of a version of the key. Of its own limit and policy's the lower one holds.
     *
     * @param policyLimit what policy allows today; 0 for no limit
     * @throws ProblemException {@link Problem#USAGE_LIMIT} if there is none left
     */
    public void take(Key key, int version, long policyLimit) throws ProblemException {
        long own = key.terms().usageLimit();
        long limit = own == 0 || policyLimit == 0 ? Math.max(own, policyLimit) : Math.min(own, policyLimit);
        if (limit == 0) {
            return;
        }
        AtomicLong mine = left.computeIfAbsent(key.id() + "/" + version, none -> new AtomicLong());
        if (mine.getAndUpdate(n -> n > 0 ? n - 1 : n) > 0) {
            return;
        }
        synchronized (mine) {
            if (mine.getAndUpdate(n -> n > 0 ? n - 1 : n) > 0) {
                return;
            }
            long taken = blocks.take(new UseStore.Wanted(key.id(), version, Math.clamp(limit / 1024, 1, BLOCK), limit));
            if (taken == 0) {
                throw new ProblemException(
                        Problem.USAGE_LIMIT,
                        "version " + version + " of the key has protected " + limit + " times or more; rotate the key");
            }
            mine.addAndGet(taken - 1);
        }
    }

    /** The keys of whose current version nine tenths of the uses are taken. */
    public Set<String> nearlyUsedUp() throws ProblemException {
        return store.nearlyUsedUp();
    }

    /** Notes who used a key. */
    public void note(String key, String actor, int operations) {
        tallies.merge(new Who(key, actor), new Tally(operations, clock.instant()), Tally::plus);
    }

    /** Writes down what was noted. */
    public void write() throws ProblemException {
        Map<Who, Tally> taken = new HashMap<>();
        for (Who who : tallies.keySet()) {
            Tally tally = tallies.remove(who);
            if (tally != null) {
                taken.put(who, tally);
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        try {
            store.add(taken.entrySet().stream()
                    .map(one -> new KeyUse(
                            one.getKey().key(),
                            one.getKey().actor(),
                            one.getValue().operations(),
                            one.getValue().last()))
                    // In one order everywhere, so that two brokers never wait for each other in a circle.
                    .sorted(Comparator.comparing(KeyUse::key).thenComparing(KeyUse::actor))
                    .toList());
        } catch (ProblemException e) {
            taken.forEach((who, tally) -> tallies.merge(who, tally, Tally::plus));
            throw e;
        }
    }

    /** Who used a key in the last days; what other brokers noted in the last seconds may be missing. */
    public List<KeyUse> users(String key, int days) throws ProblemException {
        write();
        return store.users(
                key, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(days));
    }

    /** Who used any key in the last days. */
    public List<KeyUse> users(int days) throws ProblemException {
        return users("", days);
    }

    /** When each key was last used. */
    public Map<String, Instant> last() throws ProblemException {
        write();
        return store.last();
    }
}
