package dev.keyproof.broker.journal;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.trace.Traces;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.LogPoisonedException;
import dev.keyproof.log.journal.EntryWriter;
import dev.keyproof.log.journal.GapWriter;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.log.journal.JournalPosition;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongConsumer;

/** Brings records into the journal and returns when they are durable. Thread-safe. */
public final class Recorder {
    private static final long ON_ITS_WAY = -1;

    private final Journal journal;
    private final EventCodec codec;
    private final Clock clock;
    private final LongConsumer durableAfter;
    private final Traces traces;
    private final ConcurrentMap<String, Long> open = new ConcurrentHashMap<>();
    private volatile boolean poisoned;

    /**
     * A recorder.
     *
     * @param durableAfter told after how many nanoseconds each record was durable
     */
    public Recorder(Journal journal, EventCodec codec, Clock clock, LongConsumer durableAfter, Traces traces) {
        this.journal = journal;
        this.durableAfter = durableAfter;
        this.traces = traces;
        this.codec = codec;
        this.clock = clock;
    }

    /** The one record that says how many were refused while the disk was full. */
    public static GapWriter gapWriter(EventCodec codec, Clock clock) {
        return (source, epoch, sequence, previous, refused) -> {
            Draft gap = Draft.service("JournalGap").message("The journal's disk was full; calls were refused.");
            gap.detail().put("refused", refused);
            return writer(gap, codec, clock).entry(source, epoch, sequence, previous);
        };
    }

    /**
     * Appends and waits until the record is durable.
     *
     * @throws ProblemException {@link Problem#JOURNAL_FULL} or {@link Problem#JOURNAL_UNAVAILABLE}: there is no record
     */
    public Recorded append(Draft draft) throws ProblemException {
        boolean intent = draft.action().kind() == Extension.Kind.INTENT;
        if (intent) {
            // Before the append, so that nobody takes the journal for settled while the intent is on its way.
            open.put(draft.uid(), ON_ITS_WAY);
        }
        long began = System.nanoTime();
        try {
            JournalPosition position = traces.step(
                    "journal commit",
                    () -> journal.append(writer(draft, codec, clock)).join());
            durableAfter.accept(System.nanoTime() - began);
            if (intent) {
                open.put(draft.uid(), position.sequence());
            } else if (draft.intent() != null) {
                open.remove(draft.intent());
            }
            return new Recorded(draft.uid(), position);
        } catch (CompletionException e) {
            if (intent) {
                open.remove(draft.uid());
            }
            if (e.getCause() instanceof EventFormatException && draft.reduce()) {
                // What was done must be on the record, if not with all that was read for it.
                return append(draft);
            }
            throw problem(e.getCause() == null ? e : e.getCause());
        }
    }

    /** The sequence before which every intent has its outcome, unless that cannot be said at this moment. */
    public OptionalLong settledBefore() {
        long end = journal.size();
        long first = end;
        for (long sequence : open.values()) {
            if (sequence == ON_ITS_WAY) {
                return OptionalLong.empty();
            }
            first = Math.min(first, sequence);
        }
        return OptionalLong.of(first);
    }

    /** Where an intent without outcome stands. */
    public OptionalLong openIntent(String uid) {
        Long sequence = open.get(uid);
        return sequence == null || sequence == ON_ITS_WAY ? OptionalLong.empty() : OptionalLong.of(sequence);
    }

    /** Takes over an intent that an earlier process left open. */
    public void reopen(String uid, long sequence) {
        open.put(uid, sequence);
    }

    /** Durable records. */
    public long size() {
        return journal.size();
    }

    public boolean usable() {
        return !poisoned;
    }

    private ProblemException problem(Throwable cause) {
        return switch (cause) {
            case LogFullException full ->
                new ProblemException(
                        Problem.JOURNAL_FULL, "the journal's disk is full; nothing is done until there is room", full);
            case LogPoisonedException failed -> {
                poisoned = true;
                yield new ProblemException(
                        Problem.JOURNAL_UNAVAILABLE,
                        "the journal failed to write; the broker must be restarted",
                        failed);
            }
            case EventFormatException tooLarge ->
                new ProblemException(Problem.INVALID_INPUT, "the record of this call would be too large", tooLarge);
            default -> new ProblemException(Problem.JOURNAL_UNAVAILABLE, "the journal cannot be written", cause);
        };
    }

    private static EntryWriter writer(Draft draft, EventCodec codec, Clock clock) {
        long nanos = System.nanoTime();
        Extension extension = draft.extension(nanos);
        ApiActivity event = draft.event(clock.instant(), nanos, codec, extension);
        return (source, epoch, sequence, previous) ->
                codec.encode(event.at(source, sequence, codec.encodable(extension.chained(epoch, previous))));
    }
}
