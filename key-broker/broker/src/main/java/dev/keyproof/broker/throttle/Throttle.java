package dev.keyproof.broker.throttle;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyproof.broker.policy.Derived;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of calls for each caller, one for each caller on each key, and one of explanations for each caller. Each broker has its own, so
 * that none waits for another. Thread-safe.
 */
public final class Throttle {
    private static final int MOST_BUCKETS = 100_000;

    private final Derived<Limits> limits;

    /**
     * With nothing taken yet.
     *
     * @param limits {@code throttle} of policy's parameters; when others are in force, all buckets are full
     */
    public Throttle(Supplier<JsonNode> limits) {
        this.limits = Derived.of(limits, Limits::of);
    }

    /** Where policy sets no limit of explanations, there are none. */
    private record Limits(Buckets<String> callers, Buckets<OnKey> keys, Optional<Buckets<String>> explanations) {
        static Limits of(JsonNode limits) {
            JsonNode explanations = limits.path("explanations");
            return new Limits(
                    Buckets.full(limits.path("caller")),
                    Buckets.full(limits.path("key")),
                    explanations.isObject() ? Optional.of(Buckets.full(explanations)) : Optional.empty());
        }
    }

    private record OnKey(String caller, String key) {}

    private record Buckets<K>(long perSecond, long burst, Cache<K, Bucket> begun) {
        /** A bucket is forgotten when it is full again, so that nothing is gained by waiting for that. */
        static <K> Buckets<K> full(JsonNode limit) {
            long perSecond = limit.path("perSecond").asLong();
            long burst = limit.path("burst").asLong();
            return new Buckets<>(
                    perSecond,
                    burst,
                    Caffeine.newBuilder()
                            .maximumSize(MOST_BUCKETS)
                            .expireAfterAccess(Duration.ofSeconds(burst / perSecond + 1))
                            .build());
        }

        Bucket of(K whose) {
            return begun.get(
                    whose,
                    none -> Bucket.builder()
                            .addLimit(bucket -> bucket.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                            .build());
        }
    }

    /**
     * Takes one call.
     *
     * @return 0 if it may go on, otherwise in how many seconds the next one may
     */
    public long take(String caller, @Nullable String key) {
        Limits now = limits.get();
        long wait = wait(now.callers().of(caller));
        return wait > 0 || key == null ? wait : wait(now.keys().of(new OnKey(caller, key)));
    }

    /** Takes one explanation, if the caller may have one now. */
    public boolean takeExplanation(String caller) {
        return limits.get()
                .explanations()
                .map(buckets -> buckets.of(caller).tryConsume(1))
                .orElse(false);
    }

    private static long wait(Bucket bucket) {
        if (bucket.tryConsume(1)) {
            return 0;
        }
        long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Math.max(1, Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
    }
}
