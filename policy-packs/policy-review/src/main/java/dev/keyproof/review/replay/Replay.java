package dev.keyproof.review.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.history.Place;
import dev.keyproof.review.history.SealedDecision;
import dev.keyproof.review.history.SealedHistory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * Makes every sealed decision again: under the policy and data whose digests it carries, which must give what was sealed, and under two
 * policies that are compared. The history is read by the caller's thread, the decisions are made by others.
 */
public final class Replay {
    private static final int PART = 256;

    private final Policies kept;
    private final DecisionMemo base;
    private final DecisionMemo head;
    private final int threads;
    private final LongConsumer progress;

    /**
     * A replay.
     *
     * @param kept the policies that the history cites
     * @param progress told of the decisions that are done, now and then
     */
    public Replay(Policies kept, DecisionMemo base, DecisionMemo head, int threads, LongConsumer progress) {
        this.kept = kept;
        this.base = base;
        this.head = head;
        this.threads = threads;
        this.progress = progress;
    }

    /** Makes all decisions again. @throws HistoryException if the history is not what was sealed, or a policy in it does not load */
    public ReplayReport run(SealedHistory history) throws HistoryException {
        return run(history, Period.ALL, Optional.empty());
    }

    /**
     * Makes the decisions in a period again. All of each event is read for who is told of it, which takes longer.
     *
     * @param events told of every event until its end
     * @throws HistoryException if the history is not what was sealed, or a policy in it does not load
     */
    public ReplayReport run(SealedHistory history, Period period, BiConsumer<Place, JsonNode> events)
            throws HistoryException {
        return run(history, period, Optional.of(events));
    }

    private ReplayReport run(SealedHistory history, Period period, Optional<BiConsumer<Place, JsonNode>> events)
            throws HistoryException {
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            Pending pending = new Pending(workers);
            try {
                Map<String, Long> without = history.read(period, pending.telling(events));
                pending.finish();
                return pending.tally.report(without, pending.verdicts.remembered());
            } finally {
                workers.shutdownNow();
            }
        }
    }

    /** What is being decided, in the order of the history; bounded, so that the reader waits for the others. */
    private final class Pending {
        private final ExecutorService workers;
        private final Verdicts verdicts = new Verdicts(kept, base, head);
        private final Tally tally = new Tally();
        private final Deque<Future<Tally.Part>> parts = new ArrayDeque<>();
        private List<SealedDecision> next = new ArrayList<>(PART);

        Pending(ExecutorService workers) {
            this.workers = workers;
        }

        SealedHistory.Sink telling(Optional<BiConsumer<Place, JsonNode>> events) {
            return new SealedHistory.Sink() {
                @Override
                public void take(SealedDecision decision) throws HistoryException {
                    Pending.this.take(decision);
                }

                @Override
                public void event(Place place, JsonNode event) {
                    events.ifPresent(told -> told.accept(place, event));
                }

                @Override
                public boolean takesEvents() {
                    return events.isPresent();
                }

                @Override
                public List<DecisionMemo> policies() {
                    return List.of(base, head);
                }
            };
        }

        private void take(SealedDecision decision) throws HistoryException {
            next.add(decision);
            if (next.size() == PART) {
                send();
            }
        }

        private void send() throws HistoryException {
            List<SealedDecision> part = next;
            next = new ArrayList<>(PART);
            parts.add(workers.submit(() -> decided(part, verdicts)));
            while (parts.size() > 4 * threads) {
                add(parts.remove());
            }
        }

        void finish() throws HistoryException {
            if (!next.isEmpty()) {
                send();
            }
            while (!parts.isEmpty()) {
                add(parts.remove());
            }
        }

        private void add(Future<Tally.Part> part) throws HistoryException {
            try {
                tally.add(part.get());
                progress.accept(tally.decisions());
            } catch (ExecutionException e) {
                throw new HistoryException("a decision cannot be made again: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HistoryException("interrupted", e);
            }
        }
    }

    private static Tally.Part decided(List<SealedDecision> decisions, Verdicts verdicts) throws PolicyException {
        Tally.Part part = new Tally.Part();
        for (SealedDecision sealed : decisions) {
            part.decision();
            Verdicts.Verdict verdict = verdicts.of(sealed);
            verdicts.isSame(sealed, verdict)
                    .ifPresentOrElse(
                            same -> part.replayed(sealed, same),
                            () -> part.undecided("its policy or data was not kept"));
            if (verdict.flips()) {
                part.flip(sealed, change(verdict.before(), verdict.after()), verdict.before(), verdict.after());
            }
        }
        return part;
    }

    private static Change change(Decision before, Decision after) {
        if (!isDecided(after) && isDecided(before)) {
            return Change.UNDECIDABLE;
        }
        if (before.allow() == after.allow()) {
            return Change.REASONS;
        }
        return after.allow() ? Change.OPENED : Change.LOCKED;
    }

    private static boolean isDecided(Decision decision) {
        return !decision.reasons().contains(Decision.ERROR)
                && !decision.reasons().contains(Decision.UNDEFINED);
    }
}
