package dev.keyproof.broker.health;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of an orderly end: the broker says that it is not ready and goes on answering for a while, so that whoever balances
 * calls over several brokers sends the next ones elsewhere. Each answer closes its connection. Then the server stops taking calls, those
 * under way end, and the journal is closed.
 */
public final class Draining implements SmartLifecycle {
    private final Duration time;
    private volatile boolean running;
    private volatile boolean draining;

    /** @param time how long it lasts */
    public Draining(Duration time) {
        this.time = time;
    }

    public boolean draining() {
        return draining;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        draining = true;
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running = false;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before everything else, the web server above all. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
