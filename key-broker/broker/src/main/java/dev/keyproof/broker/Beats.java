package dev.keyproof.broker;

import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Positions;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.journal.Strangers;
import dev.keyproof.broker.journal.Throttled;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.StateMark;
import dev.keyproof.broker.operation.Settlement;
import dev.keyproof.broker.operation.StateWitness;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.repeat.FirstAnswers;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.log.note.NoteSigner;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** What the broker does without being called: renews the lease, signs heads, records what was refused, settles. */
final class Beats implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Beats.class);
    /** Three readings per lease of 500 ms, so that one may fail. */
    private static final long LEASE_MS = 150;
    /** The journal's head is signed each second in which records came. */
    private static final long HEAD_MS = 1_000;

    private static final long REFUSALS_MS = 10_000;
    private static final long FORGOTTEN_MS = 60_000;
    private static final long SETTLED_MS = 10_000;

    private final ScheduledExecutorService lease = Executors.newSingleThreadScheduledExecutor(daemon("lease"));
    private final ScheduledExecutorService rest = Executors.newSingleThreadScheduledExecutor(daemon("beats"));
    private final LeasedKeys keys;
    private final Journal journal;
    private final NoteSigner signer;
    private final Strangers strangers;
    private final Throttled throttled;
    private final FirstAnswers answers;
    private final Settlement settlement;
    private final Recorder recorder;
    private final Positions positions;
    private final StateWitness witness;
    // Touched by the thread of "rest" alone.
    private long settled;

    Beats(
            LeasedKeys keys,
            Journal journal,
            NoteSigner signer,
            Strangers strangers,
            Throttled throttled,
            FirstAnswers answers,
            Settlement settlement,
            Recorder recorder,
            Positions positions,
            StateWitness witness) {
        this.keys = keys;
        this.journal = journal;
        this.signer = signer;
        this.strangers = strangers;
        this.throttled = throttled;
        this.answers = answers;
        this.settlement = settlement;
        this.recorder = recorder;
        this.positions = positions;
        this.witness = witness;
    }

    void start() {
        every(lease, LEASE_MS, "lease", keys::renew);
        every(rest, HEAD_MS, "head", () -> {
            journal.signHead(signer);
            settlement.settleWaiting();
            witness.tellOlder();
        });
        every(rest, REFUSALS_MS, "strangers", strangers::record);
        every(rest, REFUSALS_MS, "throttled", throttled::record);
        every(rest, FORGOTTEN_MS, "first-answers", answers::forget);
        every(rest, SETTLED_MS, "settled", this::settle);
        every(rest, SETTLED_MS, "witness", witness::witness);
    }

    private void settle() {
        recorder.settledBefore().ifPresent(before -> {
            StateMark seen = keys.seen();
            if (before > settled && positions.settle(journal.source(), before, seen.revision(), seen.mark())) {
                settled = before;
            }
        });
    }

    @FunctionalInterface
    private interface Beat {
        void beat() throws ProblemException, LogException;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A beat catches what it throws; there is nothing to wait for.
    private static void every(ScheduledExecutorService executor, long millis, String name, Beat beat) {
        executor.scheduleAtFixedRate(
                () -> {
                    try {
                        beat.beat();
                    } catch (ProblemException | LogException | RuntimeException e) {
                        LOG.warn("event=beat-failed beat={} reason=\"{}\"", name, e.getMessage());
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    /** Stops, records the strangers counted so far and that the broker stops, and signs a last head, whether or not the database answers. */
    @Override
    public void close() {
        lease.shutdownNow();
        rest.shutdown();
        try {
            if (!rest.awaitTermination(5, TimeUnit.SECONDS)) {
                rest.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        last("strangers", strangers::record);
        last("throttled", throttled::record);
        last("stop", () -> recorder.append(Draft.service("StopBroker").message("The broker stops.")));
        last("settled", this::settle);
        last("witness", witness::witness);
        last("head", () -> journal.signHead(signer));
    }

    private static void last(String name, Beat beat) {
        try {
            beat.beat();
        } catch (ProblemException | LogException | DataAccessException e) {
            LOG.warn("event=last-beat-failed beat={} reason=\"{}\"", name, e.getMessage());
        }
    }
}
