package dev.keyproof.evidence.pack;

import java.util.function.LongConsumer;

/** Tells how many entries went into a pack so far, now and then. Used by one thread. */
final class PackProgress {
    private final long step;
    private final LongConsumer report;
    private long entries;

    /** Reports at each multiple of {@code step}. */
    PackProgress(long step, LongConsumer report) {
        this.step = step;
        this.report = report;
    }

    /** One more went in. */
    void entry() {
        entries++;
        if (entries % step == 0) {
            report.accept(entries);
        }
    }
}
