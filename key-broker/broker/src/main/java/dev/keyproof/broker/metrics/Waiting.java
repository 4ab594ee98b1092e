package dev.keyproof.broker.metrics;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.dao.DataAccessException;

/** A number that the database is asked for now and then, so that reading it costs nothing; NaN where it is not known. */
public final class Waiting implements AutoCloseable {
    private static final long EVERY_S = 10;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("waiting").factory());
    private final LongSupplier question;
    private volatile double answer = Double.NaN;

    public Waiting(LongSupplier question) {
        this.question = question;
    }

    /** Begins to ask. */
    @SuppressWarnings("FutureReturnValueIgnored") // What it throws is caught; there is nothing to wait for.
    public void start() {
        executor.scheduleWithFixedDelay(this::ask, 0, EVERY_S, TimeUnit.SECONDS);
    }

    private void ask() {
        try {
            answer = question.getAsLong();
        } catch (DataAccessException e) {
            answer = Double.NaN;
        }
    }

    public double answer() {
        return answer;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
