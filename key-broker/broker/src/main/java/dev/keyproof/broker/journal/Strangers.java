package dev.keyproof.broker.journal;

import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;

/**
 * Refusals of callers that nobody knows, counted by reason and recorded in aggregate. {@link #record} is called at most every
 * 10 s.
 */
public final class Strangers {
    private final RefusalCounts counts;

    public Strangers(Recorder recorder, Clock clock) {
        this.counts = new RefusalCounts(
                recorder,
                clock,
                "RefuseStrangers",
                "Calls without a valid token or certificate were refused.",
                "reasons");
    }

    /** Counts one refusal; {@code reason} is one of few fixed words. */
    public void refused(String reason) {
        counts.count(reason);
    }

    /** Records what was counted, if anything was. What cannot be recorded now is kept. */
    public void record() throws ProblemException {
        counts.record();
    }
}
