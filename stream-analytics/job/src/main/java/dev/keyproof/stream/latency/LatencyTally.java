package dev.keyproof.stream.latency;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;

/** Calls counted and measured. Mergeable; the relative error of a quantile is at most {@link #ACCURACY}. Not thread-safe. */
final class LatencyTally {
    static final double ACCURACY = 0.005;
    /** Buckets a sketch may hold: at this accuracy enough for 1 us to 8 hours, a few KB at most. */
    private static final int MAX_BUCKETS = 2_500;

    long calls;
    long failures;
    /** Processing time at which the window is closed though no later event came; 0 where nobody waits for it. */
    long deadline;

    final DDSketch sketch;

    LatencyTally() {
        this(DDSketches.collapsingLowestDense(ACCURACY, MAX_BUCKETS));
    }

    LatencyTally(DDSketch sketch) {
        this.sketch = sketch;
    }

    void add(long durationUs, boolean success) {
        calls++;
        if (!success) {
            failures++;
        }
        sketch.accept((double) durationUs);
    }

    void merge(LatencyTally other) {
        calls += other.calls;
        failures += other.failures;
        sketch.mergeWith(other.sketch);
    }

    LatencyTally copy() {
        LatencyTally copy = new LatencyTally(sketch.copy());
        copy.calls = calls;
        copy.failures = failures;
        copy.deadline = deadline;
        return copy;
    }

    /** Microseconds. */
    long quantile(double q) {
        return Math.round(sketch.getValueAtQuantile(q));
    }

    static int maxBuckets() {
        return MAX_BUCKETS;
    }
}
