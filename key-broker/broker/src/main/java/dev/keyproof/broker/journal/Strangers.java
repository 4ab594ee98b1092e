package dev.keyproof.broker.journal;

import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Refusals of callers that nobody knows, counted by reason and recorded in aggregate, so that a stranger cannot fill the
 * disk. {@link #record} is called at most every 10 s.
 */
public final class Strangers {
    private final Recorder recorder;
    private final Clock clock;
    private final Object lock = new Object();
    // Guarded by lock.
    private final Map<String, Long> counts = new TreeMap<>();
    private Instant since;

    public Strangers(Recorder recorder, Clock clock) {
        this.recorder = recorder;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Counts one refusal; {@code reason} is one of few fixed words. */
    public void refused(String reason) {
        synchronized (lock) {
            if (counts.isEmpty()) {
                since = clock.instant();
            }
            counts.merge(reason, 1L, Long::sum);
        }
    }

    /** Records what was counted, if anything was. What cannot be recorded now is kept. */
    public void record() throws ProblemException {
        Map<String, Long> taken;
        Instant from;
        synchronized (lock) {
            if (counts.isEmpty()) {
                return;
            }
            taken = new TreeMap<>(counts);
            from = since;
            counts.clear();
        }
        long total = taken.values().stream().mapToLong(Long::longValue).sum();
        Draft draft = Draft.own(Action.service("RefuseStrangers").as(Kind.REFUSALS))
                .count((int) Math.min(total, Integer.MAX_VALUE))
                .message("Calls without a valid token were refused.");
        draft.detail().put("from", from.toString()).put("to", clock.instant().toString());
        taken.forEach(draft.detail().putObject("reasons")::put);
        try {
            recorder.append(draft);
        } catch (ProblemException e) {
            synchronized (lock) {
                taken.forEach((reason, count) -> counts.merge(reason, count, Long::sum));
                since = from;
            }
            throw e;
        }
    }
}
