package dev.keyproof.broker.throttle;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyproof.broker.policy.Derived;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of calls for each caller, and one for each caller on each key. Each broker has its own, so that none waits for another.
 * Thread-safe.
 */
public final class Throttle {
    private static final int MOST_BUCKETS = 100_000;

    private final Derived<Buckets> buckets;

    /**
     * With nothing taken yet.
     *
     * @param limits {@code throttle} of policy's parameters; when others are in force, all buckets are full
     */
    public Throttle(Supplier<JsonNode> limits) {
        this.buckets = Derived.of(limits, Buckets::full);
    }

    private record Buckets(Limit ofCaller, Limit ofKey, Cache<String, Bucket> callers, Cache<OnKey, Bucket> keys) {
        static Buckets full(JsonNode limits) {
            Limit ofCaller = Limit.of(limits.path("caller"));
            Limit ofKey = Limit.of(limits.path("key"));
            return new Buckets(ofCaller, ofKey, forgetting(ofCaller), forgetting(ofKey));
        }
    }

    private record Limit(long perSecond, long burst) {
        static Limit of(JsonNode limit) {
            return new Limit(
                    limit.path("perSecond").asLong(), limit.path("burst").asLong());
        }

        Bucket full() {
            return Bucket.builder()
                    .addLimit(bucket -> bucket.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                    .build();
        }

        /** How long it takes an empty bucket to be as if nobody had called. */
        Duration refilled() {
            return Duration.ofSeconds(burst / perSecond + 1);
        }
    }

    private record OnKey(String caller, String key) {}

    /** A bucket is forgotten when it is full again, so that nothing is gained by waiting for that. */
    private static <K> Cache<K, Bucket> forgetting(Limit limit) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_BUCKETS)
                .expireAfterAccess(limit.refilled())
                .build();
    }

    /**
     * Takes one call.
     *
     * @return 0 if it may go on, otherwise in how many seconds the next one may
     */
    public long take(String caller, @Nullable String key) {
        Buckets now = buckets.get();
        long wait = wait(now.callers().get(caller, none -> now.ofCaller().full()));
        return wait > 0 || key == null
                ? wait
                : wait(now.keys()
                        .get(new OnKey(caller, key), none -> now.ofKey().full()));
    }

    private static long wait(Bucket bucket) {
        if (bucket.tryConsume(1)) {
            return 0;
        }
        long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Math.max(1, Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
    }
}
