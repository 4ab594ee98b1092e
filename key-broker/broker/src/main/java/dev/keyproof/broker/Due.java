package dev.keyproof.broker;

import dev.keyproof.broker.device.DeviceWatch;
import dev.keyproof.broker.duty.Duties;
import dev.keyproof.broker.duty.DutyStore;
import dev.keyproof.broker.duty.Expiries;
import dev.keyproof.broker.duty.Moves;
import dev.keyproof.broker.notice.Escalations;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.Uses;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Looks again and again for what is due, where this broker has the duty, and writes down who used what. */
final class Due implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Due.class);
    private static final long STEP_MS = 100;
    private static final long DUTIES_MS = 2_000;
    private static final long USES_MS = 10_000;
    private static final int PATIENCE_S = 5;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("due").factory());
    /** A token may be slow, and nothing else is to wait for it. */
    private final ScheduledExecutorService device = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("device").factory());

    private final String source;
    private final DutyStore store;
    private final Duties duties;
    private final Moves moves;
    private final Uses uses;
    private final DeviceWatch watch;
    private final Duration readBack;
    private final Expiries expiries;
    private final Escalations escalations;
    private final Step tokens;
    // Written by the executor's thread alone.
    private volatile boolean mine;

    Due(
            String source,
            DutyStore store,
            Duties duties,
            Moves moves,
            Uses uses,
            DeviceWatch watch,
            Duration readBack,
            Expiries expiries,
            Escalations escalations,
            Step tokens) {
        this.source = source;
        this.store = store;
        this.duties = duties;
        this.moves = moves;
        this.uses = uses;
        this.watch = watch;
        this.readBack = readBack;
        this.expiries = expiries;
        this.escalations = escalations;
        this.tokens = tokens;
    }

    void start() {
        every(executor, DUTIES_MS, "duties", () -> {
            mine = store.mine(source);
            if (mine) {
                duties.perform();
            }
        });
        every(executor, DUTIES_MS, "expiries", () -> {
            if (mine) {
                escalations.perform();
                expiries.perform();
            }
        });
        every(executor, STEP_MS, "moves", () -> {
            if (mine) {
                moves.perform();
            }
        });
        every(executor, USES_MS, "uses", uses::write);
        every(executor, DUTIES_MS, "tokens", tokens);
        every(device, readBack.toMillis(), "device", () -> {
            if (mine) {
                watch.look();
            } else {
                watch.lookAtOwn();
            }
        });
    }

    @FunctionalInterface
    interface Step {
        void perform() throws ProblemException;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A step catches what it throws; there is nothing to wait for.
    private static void every(ScheduledExecutorService on, long millis, String name, Step step) {
        on.scheduleWithFixedDelay(
                () -> {
                    try {
                        step.perform();
                    } catch (ProblemException | RuntimeException e) {
                        LOG.warn("event=due-failed step={} reason=\"{}\"", name, e.getMessage());
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdown();
        device.shutdown();
        try {
            if (!executor.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
            device.shutdownNow();
            uses.write();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ProblemException | DataAccessException e) {
            LOG.warn("event=uses-not-written reason=\"{}\"", e.getMessage());
        }
    }
}
