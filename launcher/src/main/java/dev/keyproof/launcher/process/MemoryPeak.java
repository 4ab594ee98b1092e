package dev.keyproof.launcher.process;

import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Samples the memory of a changing set of processes once a second and remembers the most. */
public final class MemoryPeak implements AutoCloseable {
    private final AtomicLong peakKib = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("memory-peak").factory());

    /** Begins to sample. */
    public static MemoryPeak of(Supplier<Collection<Long>> pids) {
        MemoryPeak peak = new MemoryPeak();
        var _ = peak.clock.scheduleAtFixedRate(() -> peak.sample(pids.get()), 0, 1, TimeUnit.SECONDS);
        return peak;
    }

    private void sample(Collection<Long> pids) {
        peakKib.accumulateAndGet(Memory.pssKib(pids), Math::max);
    }

    /** The most that was seen, in MiB. */
    public long mib() {
        return peakKib.get() / 1024;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
