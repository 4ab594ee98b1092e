package dev.keyproof.collector;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits between attempts: doubling up to a bound, with jitter, so that many clients do not return at once. */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    /** The wait after so many failures in a row, at least half of its nominal length. */
    Duration after(int failures) {
        long nominal = first.toMillis();
        for (int i = 1; i < failures && nominal < longest.toMillis(); i++) {
            nominal *= 2;
        }
        nominal = Math.min(nominal, longest.toMillis());
        return Duration.ofMillis(nominal / 2 + random.nextLong(nominal / 2 + 1));
    }
}
