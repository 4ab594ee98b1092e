package dev.keyproof.broker.hat;

import dev.keyproof.broker.problem.ProblemException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The hat that each actor wears on each key, once and for the key's life. A call that puts one on waits until that is durable; all
 * later ones find it in memory. Thread-safe.
 */
@Component
public class Hats {
    /** About 20 MB. */
    private static final int MOST = 100_000;

    private final HatStore store;
    private final ConcurrentMap<Wearer, String> known = new ConcurrentHashMap<>();

    Hats(HatStore store) {
        this.store = store;
    }

    private record Wearer(String key, String actor) {}

    /** The hat that the actor wears on the key, as far as this broker has seen; {@link #wear} tells for certain. */
    public @Nullable String seen(String key, String actor) {
        return known.get(new Wearer(key, actor));
    }

    /**
     * Puts a hat on where none is; the one that is on then, which may be another.
     *
     * @throws ProblemException if the database does not answer
     */
    public String wear(String key, String actor, String hat) throws ProblemException {
        String worn = store.wear(key, actor, hat);
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(new Wearer(key, actor), worn);
        return worn;
    }
}
