package dev.keyproof.broker.journal;

import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Refusals counted by some word and recorded in aggregate, so that nobody fills the disk by being refused. Thread-safe. */
final class RefusalCounts {
    /** What comes under more words than these is counted under one. */
    private static final int MOST = 100;

    private final Recorder recorder;
    private final Clock clock;
    private final String action;
    private final String message;
    private final String by;
    private final Object lock = new Object();
    // Guarded by lock.
    private final Map<String, Long> counts = new TreeMap<>();
    private Instant since;

    RefusalCounts(Recorder recorder, Clock clock, String action, String message, String by) {
        this.recorder = recorder;
        this.clock = clock;
        this.action = action;
        this.message = message;
        this.by = by;
        this.since = clock.instant();
    }

    void count(String word) {
        synchronized (lock) {
            if (counts.isEmpty()) {
                since = clock.instant();
            }
            counts.merge(counts.size() < MOST || counts.containsKey(word) ? word : "others", 1L, Long::sum);
        }
    }

    /** Records what was counted, if anything was. What cannot be recorded now is kept. */
    void record() throws ProblemException {
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
        Draft draft = Draft.own(Action.service(action).as(Kind.REFUSALS))
                .count((int) Math.min(total, Integer.MAX_VALUE))
                .message(message);
        draft.detail().put("from", from.toString()).put("to", clock.instant().toString());
        taken.forEach(draft.detail().putObject(by)::put);
        try {
            recorder.append(draft);
        } catch (ProblemException e) {
            synchronized (lock) {
                taken.forEach((word, count) -> counts.merge(word, count, Long::sum));
                since = from;
            }
            throw e;
        }
    }
}
