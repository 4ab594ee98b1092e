package dev.keyproof.broker.journal;

import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;

/** Calls that were too many, counted by caller and recorded in aggregate. {@link #record} is called at most every 10 s. */
public final class Throttled {
    private final RefusalCounts counts;

    public Throttled(Recorder recorder, Clock clock) {
        this.counts = new RefusalCounts(
                recorder, clock, "RefuseTooMany", "Callers called more often than policy lets them.", "callers");
    }

    /** Counts one refusal of a known caller. */
    public void refused(String caller) {
        counts.count(caller);
    }

    /** Records what was counted, if anything was. What cannot be recorded now is kept. */
    public void record() throws ProblemException {
        counts.record();
    }
}
