package dev.keyproof.broker.health;

import dev.keyproof.broker.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks something that may hang, on a thread of its own, and knows when it last answered. */
public final class Pulse implements Health.Part, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** As long without an answer counts as none. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Beat beat;
    private final ScheduledExecutorService executor;
    private volatile long answered;
    private volatile @Nullable String failed;

    public Pulse(String name, Beat beat) {
        this.beat = beat;
        this.answered = System.nanoTime();
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("pulse-" + name).factory());
    }

    /** The question. */
    @FunctionalInterface
    public interface Beat {
        void ask() throws ProblemException;
    }

    /** Begins to ask. */
    @SuppressWarnings("FutureReturnValueIgnored") // What it throws is caught; there is nothing to wait for.
    public void start() {
        executor.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            beat.ask();
            answered = System.nanoTime();
            failed = null;
        } catch (ProblemException e) {
            failed = e.detail();
        } catch (RuntimeException e) {
            failed = "it cannot be asked";
        }
    }

    @Override
    public @Nullable String fault() {
        String why = failed;
        if (why != null) {
            return why;
        }
        return System.nanoTime() - answered > PATIENCE.toNanos() ? "does not answer" : null;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
