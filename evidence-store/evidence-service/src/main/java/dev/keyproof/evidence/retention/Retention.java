package dev.keyproof.evidence.retention;

import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.PolicyFiles;
import dev.keyproof.evidence.seal.SealingLoop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.verify.LegalHold;
import dev.keyproof.verify.PolicyBundle;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what ends and when, under the policies that are in force, and has each end announced in the log beforehand. Where no policy says how
 * long evidence is kept, nothing ends. Thread-safe.
 */
public final class Retention implements SealingLoop.Keeping {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long PAUSE_NANOS = 10_000_000_000L;

    private final YearLogs logs;
    private final Holds holds;
    private final Notices notices;
    private final PolicyFiles policies;
    private final LogEvents events;
    private final Clock clock;
    private long lookedNanos = System.nanoTime() - PAUSE_NANOS;
    private String trouble = "";

    public Retention(YearLogs logs, Holds holds, Notices notices, PolicyFiles policies, LogEvents events, Clock clock) {
        this.logs = logs;
        this.holds = holds;
        this.notices = notices;
        this.policies = policies;
        this.events = events;
        this.clock = clock;
    }

    /**
     * The log of a year.
     *
     * @param noticed since when its end is announced in the log
     */
    public record Planned(Schedule.Year year, String origin, Optional<Instant> noticed) {}

    /** What all policies together say, the longest of each; empty if none says anything. */
    public Optional<PolicyBundle.Retention> policy() throws EvidenceException {
        PolicyBundle.Retention longest = null;
        try {
            for (byte[] bundle : policies.inForce()) {
                Optional<PolicyBundle.Retention> said =
                        PolicyBundle.read(bundle).retention();
                if (said.isPresent()) {
                    longest = longest == null ? said.get() : longest.and(said.get());
                }
            }
        } catch (IOException e) {
            throw new EvidenceException("a policy bundle cannot be read: " + e.getMessage(), e);
        }
        return Optional.ofNullable(longest);
    }

    /** Each year's log, oldest first. */
    public List<Planned> schedule(PolicyBundle.Retention retention) throws EvidenceException {
        return schedule(retention, holds.inForce());
    }

    private List<Planned> schedule(PolicyBundle.Retention retention, List<LegalHold> held) {
        return Schedule.of(retention, logs.all().keySet(), logs.year(), held, clock.instant()).years().stream()
                .map(year -> new Planned(
                        year,
                        logs.origin(year.year()),
                        notices.since(new LogEvents.YearEnds(year.year(), year.ends()))))
                .toList();
    }

    @Override
    public List<LegalHold> holds() throws EvidenceException {
        return holds.inForce();
    }

    /** Of years whose end is near and not announced, once in ten seconds at most: what waits for a notice waits for days. */
    @Override
    public synchronized List<byte[]> notices() throws EvidenceException {
        if (System.nanoTime() - lookedNanos < PAUSE_NANOS) {
            return List.of();
        }
        lookedNanos = System.nanoTime();
        try {
            List<byte[]> due = due();
            trouble = "";
            return due;
        } catch (EvidenceException e) {
            // Nothing ends without a notice; that it cannot be given must not stop the sealing.
            if (!trouble.equals(e.getMessage())) {
                LOG.warn("event=no-retention-notice reason=\"{}\"", e.getMessage());
            }
            trouble = String.valueOf(e.getMessage());
            return List.of();
        }
    }

    private List<byte[]> due() throws EvidenceException {
        List<byte[]> due = new ArrayList<>();
        Optional<PolicyBundle.Retention> policy = policy();
        Optional<List<LegalHold>> known = holds.known();
        // A notice says once and for good what is held: nothing is announced before that is known.
        if (policy.isPresent() && known.isPresent()) {
            Instant now = clock.instant();
            for (Planned planned : schedule(policy.get(), known.get())) {
                if (planned.noticed().isEmpty()
                        && planned.year().isNear(now, policy.get().noticeDays())) {
                    LogEvents.YearEnds end = new LogEvents.YearEnds(
                            planned.year().year(), planned.year().ends());
                    due.add(events.retentionNotice(
                            planned.origin(), end, planned.year().heldBy()));
                    notices.add(end, now);
                }
            }
        }
        return due;
    }
}
