package dev.keyproof.evidence.pack;

import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a pack is: told by the one thread that builds it, asked by any. */
public final class PackProgress {
    private static final Logger LOG = LoggerFactory.getLogger(PackProgress.class);

    /** A line of the service's log for as many entries: some a second. */
    private static final long STEP = 50_000;

    private volatile Phase phase = Phase.WAITING;
    private volatile long total = -1;
    private volatile long entries;
    private String pack = "";

    /** Of a pack that waits. */
    public PackProgress() {}

    /** What is being done. */
    public enum Phase {
        /** Another pack is built first. */
        WAITING,
        /** Its entries are looked for and read. */
        READING,
        /** Its files are written, and it is verified. */
        PROVING
    }

    void begun(String name) {
        pack = name;
        phase = Phase.READING;
    }

    /** So many entries will go in. */
    void total(long all) {
        total = all;
    }

    /** One more went in. */
    void entry() {
        long now = entries + 1;
        entries = now;
        if (now % STEP == 0) {
            LOG.info("event=pack-building pack={} entries={} of={}", pack, now, total);
        }
    }

    /** All went in. */
    void read() {
        phase = Phase.PROVING;
    }

    public Phase phase() {
        return phase;
    }

    /** How many entries went in. */
    public long entries() {
        return entries;
    }

    /** How many there will be, once that is known. */
    public OptionalLong total() {
        long all = total;
        return all < 0 ? OptionalLong.empty() : OptionalLong.of(all);
    }
}
