package dev.keyproof.broker.slo;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many of how many were good, over a time that goes along: in sixty parts, the oldest of which is dropped whole. Thread-safe; what
 * is counted in the moment in which a part begins anew may be lost, which is one of millions.
 */
final class Window {
    private static final int PARTS = 60;

    private final long partNanos;
    private final AtomicLongArray part = new AtomicLongArray(PARTS);
    private final AtomicLongArray good = new AtomicLongArray(PARTS);
    private final AtomicLongArray total = new AtomicLongArray(PARTS);
    private final long start;

    Window(Duration length, long now) {
        this.partNanos = Math.max(1, length.toNanos() / PARTS);
        this.start = now;
    }

    /** Good ones, and all. */
    record Counted(long good, long total) {}

    void count(boolean wasGood, long now) {
        long number = (now - start) / partNanos;
        int at = (int) (number % PARTS);
        long held = part.get(at);
        if (held != number && part.compareAndSet(at, held, number)) {
            good.set(at, 0);
            total.set(at, 0);
        }
        if (wasGood) {
            good.incrementAndGet(at);
        }
        total.incrementAndGet(at);
    }

    Counted counted(long now) {
        long number = (now - start) / partNanos;
        long goods = 0;
        long all = 0;
        for (int i = 0; i < PARTS; i++) {
            if (number - part.get(i) < PARTS) {
                goods += good.get(i);
                all += total.get(i);
            }
        }
        return new Counted(Math.min(goods, all), all);
    }
}
