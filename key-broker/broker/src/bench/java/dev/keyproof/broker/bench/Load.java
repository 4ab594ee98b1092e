package dev.keyproof.broker.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Callers that each do a step again and again for some time. */
final class Load {
    private static final int MOST_ROUNDS = 20;
    private static final double GROWING = 1.03;

    private Load() {}

    /** One caller's step. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /**
     * What was done.
     *
     * @param perSecond steps of all callers in a second
     * @param p95Nanos of a step
     */
    record Measured(double perSecond, long p95Nanos) {}

    /** As fast as they go, in rounds, until a round is no better than the best before it: by then the compiler is done. */
    static Measured steady(List<? extends Step> callers, int millis) throws InterruptedException, ExecutionException {
        double best = 0;
        Measured last = run(callers, millis, 0);
        for (int round = 1; round < MOST_ROUNDS && last.perSecond() > best * GROWING; round++) {
            best = last.perSecond();
            last = run(callers, millis, 0);
        }
        return last;
    }

    /**
     * The same at a pace: what a step took counts from when it was due.
     *
     * @param perSecond steps of each caller
     */
    static Measured paced(List<? extends Step> callers, int warmMillis, int millis, int perSecond)
            throws InterruptedException, ExecutionException {
        run(callers, warmMillis, perSecond);
        return run(callers, millis, perSecond);
    }

    private static Measured run(List<? extends Step> callers, int millis, int pace)
            throws InterruptedException, ExecutionException {
        long begun = System.nanoTime();
        long end = begun + millis * 1_000_000L;
        List<Callable<long[]>> loops = new ArrayList<>();
        for (int i = 0; i < callers.size(); i++) {
            Step caller = callers.get(i);
            // Not all at the same moment.
            long first = pace == 0 ? begun : begun + i * (1_000_000_000L / pace / callers.size());
            loops.add(() -> loop(caller, first, end, pace));
        }
        List<long[]> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers.size())) {
            for (Future<long[]> loop : threads.invokeAll(loops)) {
                all.add(loop.get());
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Measured(nanos.length / seconds, nanos[(int) (nanos.length * 0.95)]);
    }

    private static long[] loop(Step step, long first, long end, int pace) throws Exception {
        long[] nanos = new long[1024];
        int count = 0;
        for (long due = first; due < end; ) {
            while (pace > 0 && System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            step.run();
            long after = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = after - due;
            due = pace > 0 ? first + count * (1_000_000_000L / pace) : after;
        }
        return Arrays.copyOf(nanos, count);
    }
}
