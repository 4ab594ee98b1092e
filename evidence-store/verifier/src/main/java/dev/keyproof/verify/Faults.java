package dev.keyproof.verify;

import java.util.ArrayList;
import java.util.List;

/** Collects faults: the first ends the verification, unless all are asked for. Used by one thread. */
final class Faults {
    /** Beyond this many, more of the same helps nobody. */
    private static final int MOST = 1000;

    private final boolean all;
    private final List<Fault> found = new ArrayList<>();

    Faults(boolean all) {
        this.all = all;
    }

    /** Notes a fault that the verification can go on after. */
    void report(Fault fault) throws BrokenPackException {
        found.add(fault);
        if (!all || found.size() >= MOST) {
            throw new BrokenPackException(fault);
        }
    }

    /** Runs one check; a fault inside ends the check, and all the verification unless all faults are asked for. */
    boolean passes(Check check) throws BrokenPackException {
        int before = found.size();
        try {
            check.run();
        } catch (BrokenPackException e) {
            if (!found.contains(e.fault())) {
                found.add(e.fault());
            }
            if (!all || found.size() >= MOST) {
                throw e;
            }
        }
        return found.size() == before;
    }

    /** What found, in order. */
    List<Fault> found() {
        return List.copyOf(found);
    }

    /** One step of the verification. */
    interface Check {
        void run() throws BrokenPackException;
    }
}
