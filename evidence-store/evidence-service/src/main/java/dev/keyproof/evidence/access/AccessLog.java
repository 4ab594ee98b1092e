package dev.keyproof.evidence.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.User;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.SealingLoop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on record what is done with evidence, before it is answered. What programs do again and again has one record when it begins and
 * one of the rest of that minute; refusals, one for each caller and minute. A stop writes what was counted; a crash loses the counts of
 * at most a minute, never that somebody read. Thread-safe.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A read waits for one round of the sealing thread, a tenth of a second; who waits for so long waits for a disk or for Kafka. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final YearLogs logs;
    private final SealingLoop sealing;
    private final LogEvents events;
    private final InstantSource clock;
    private final Tallies tallies;
    private final Downloads downloads;
    private final ScheduledExecutorService minutes = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("access-log").factory());
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    public AccessLog(YearLogs logs, SealingLoop sealing, LogEvents events, InstantSource clock) {
        this.logs = logs;
        this.sealing = sealing;
        this.events = events;
        this.clock = clock;
        this.tallies = new Tallies();
        this.downloads = new Downloads();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It catches what it throws; there is nothing to wait for.
    public void start() {
        minutes.scheduleWithFixedDelay(() -> settle(false), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Records what was done, and returns when that is on disk.
     *
     * @param status of the answer, in HTTP's numbers
     * @param bytes of the answer
     * @param scope what was read: small, and without anything that is read
     */
    public void done(Admission admission, int status, long bytes, ObjectNode scope) throws NotRecordedException {
        if (!admission.operation().isOften()) {
            ObjectNode access = JsonNodeFactory.instance.objectNode();
            access.put("status", status).put("bytes", bytes).set("scope", scope);
            await(seal(admission, access));
            return;
        }
        Tallies.Begun begun = tallies.add(admission, clock.instant(), bytes, scope, first -> seal(admission, first));
        try {
            await(begun.record());
        } catch (NotRecordedException e) {
            tallies.drop(begun.tally());
            throw e;
        }
    }

    /** Counts what policy refused; on record within a minute. */
    public void refused(Admission admission) {
        tallies.refused(admission, clock.instant());
    }

    /** Counts a call without a good token; on record within a minute. */
    public void stranger() {
        tallies.stranger(clock.instant());
    }

    /**
     * A part of a download is about to be sent; returns when the download is on record as begun. Parts that are asked for by the same
     * link are one download.
     *
     * @param pack the pack's digest
     * @param size of the pack
     * @param until when the link ends, and the download with it
     */
    public Downloads.Part download(Admission admission, String pack, long size, Instant until)
            throws NotRecordedException {
        Downloads.Download download = downloads.of(admission, pack, size, until, begun -> seal(admission, begun));
        try {
            await(download.begun());
        } catch (NotRecordedException e) {
            downloads.drop(download);
            throw e;
        }
        return (from, bytes) -> downloads.sent(download, from, bytes).ifPresent(ended -> ended(admission, ended));
    }

    /** What was sent is gone; nobody waits for the record of it. */
    private synchronized void ended(Admission admission, ObjectNode access) {
        last = seal(admission, access);
    }

    private CompletableFuture<Void> seal(Admission admission, ObjectNode access) {
        return seal(
                admission.operation().id(),
                Optional.of(User.of(admission.caller().id(), admission.caller().roles())),
                Optional.of(admission),
                access);
    }

    private CompletableFuture<Void> seal(
            String operation, Optional<User> user, Optional<Admission> admission, ObjectNode access) {
        try {
            return sealing.seal(events.access(
                    logs.origin(logs.year()),
                    operation,
                    user,
                    admission.map(Admission::allowed).orElse(false),
                    admission.map(Admission::recorded),
                    access));
        } catch (EvidenceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void await(CompletableFuture<Void> sealed) throws NotRecordedException {
        try {
            sealed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sealed.cancel(false);
            throw new NotRecordedException("the service stops", e);
        } catch (TimeoutException | CancellationException e) {
            sealed.cancel(false);
            throw new NotRecordedException("nothing can be sealed now; /health says why", e);
        } catch (ExecutionException e) {
            throw new NotRecordedException("what was done cannot be written: " + e.getCause(), e);
        }
    }

    /** What waited for its minute or its link to end. While nothing can be sealed it waits on, and goes on counting. */
    private synchronized void settle(boolean all) {
        if (!last.isDone()) {
            return;
        }
        try {
            Instant now = clock.instant();
            for (Tallies.Tally tally : tallies.over(now, all)) {
                Optional<Admission> admission = tally.admission();
                last = seal(
                        admission.map(one -> one.operation().id()).orElse("RefuseStrangers"),
                        tally.caller(),
                        admission,
                        tally.json());
            }
            for (Downloads.Download download : downloads.over(now, all)) {
                last = seal(download.admission(), download.json());
            }
        } catch (RuntimeException e) {
            LOG.error("event=access-not-recorded", e);
        }
    }

    @Override
    public void close() {
        minutes.shutdownNow();
        settle(true);
        try {
            synchronized (this) {
                await(last);
            }
        } catch (NotRecordedException e) {
            LOG.warn("event=access-not-recorded reason=\"{}\"", e.getMessage());
        }
    }
}
