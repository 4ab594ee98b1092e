package dev.keyproof.verify;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects faults: the first ends the verification, unless all are asked for. Used by one thread. */
final class Faults {
    /** Beyond this many, more of the same helps nobody. */
    private static final int MOST = 20_000;

    private final boolean all;
    private final Set<Fault> found = new LinkedHashSet<>();
    private String reading = Manifest.NAME;

    Faults(boolean all) {
        this.all = all;
    }

    /** Notes which file is read from here on. */
    void reading(String file) {
        reading = file;
    }

    /**
     * What a reader's failure says of the pack: every file of it may come from an enemy, so whatever a library does with one of them,
     * it is the file that is at fault.
     */
    Fault unreadable(Throwable failure) {
        return Fault.of(
                Reason.UNREADABLE,
                reading,
                "holds something that cannot be read: " + failure.getClass().getSimpleName());
    }

    /** Notes a fault that the verification can go on after. */
    void report(Fault fault) throws BrokenPackException {
        found.add(fault);
        if (!all || found.size() >= MOST) {
            throw new BrokenPackException(fault);
        }
    }

    /** Whether all are asked for. */
    boolean all() {
        return all;
    }

    /** Runs one check; a fault inside ends the check, and all the verification unless all faults are asked for. */
    boolean passes(Check check) throws BrokenPackException {
        int before = found.size();
        try {
            guarded(check);
        } catch (BrokenPackException e) {
            found.add(e.fault());
            if (!all || found.size() >= MOST) {
                throw e;
            }
        }
        return found.size() == before;
    }

    private void guarded(Check check) throws BrokenPackException {
        try {
            check.run();
        } catch (RuntimeException | StackOverflowError e) {
            throw new BrokenPackException(unreadable(e));
        }
    }

    /** What was found, in order. */
    List<Fault> found() {
        return List.copyOf(found);
    }

    /** One step of the verification. */
    interface Check {
        void run() throws BrokenPackException;
    }
}
