package dev.keyproof.evidence.retention;

import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.seal.LogEntries;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.LogEvents.ErasurePhase;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.seal.Remains;
import dev.keyproof.evidence.seal.YearDrop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.WitnessPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the log of a year whole, once its time has passed by the clock and by a time token, its end was announced long enough before, and
 * nothing holds it. What later years stand on is kept, the intent is sealed before anything is deleted and the outcome after it, so that
 * what a crash left half done is finished at the next start. Thread-safe.
 */
public final class YearDrops {
    private static final Logger LOG = LoggerFactory.getLogger(YearDrops.class);

    private final YearLogs logs;
    private final DroppedYears dropped;
    private final Retention retention;
    private final Holds holds;
    private final Artifacts artifacts;
    private final Witnesses witnesses;
    private final Optional<WitnessPolicy> quorum;
    private final Optional<TimeStamper> stamper;
    private final LogEvents events;
    private final Path scratch;
    private final Clock clock;

    /**
     * @param quorum who must have cosigned a year's last head
     * @param scratch a file that may be overwritten
     */
    public YearDrops(
            YearLogs logs,
            DroppedYears dropped,
            Retention retention,
            Holds holds,
            Artifacts artifacts,
            Witnesses witnesses,
            Optional<WitnessPolicy> quorum,
            Optional<TimeStamper> stamper,
            LogEvents events,
            Path scratch,
            Clock clock) {
        this.logs = logs;
        this.dropped = dropped;
        this.retention = retention;
        this.holds = holds;
        this.artifacts = artifacts;
        this.witnesses = witnesses;
        this.quorum = quorum;
        this.stamper = stamper;
        this.events = events;
        this.scratch = scratch;
        this.clock = clock;
    }

    /** Drops a year that {@code by} asked to have dropped. An {@link EvidenceException} says why it must stay. */
    public synchronized YearDrop drop(int year, String by, OwnEntries entries) throws EvidenceException {
        for (DroppedYears.Begun begun : dropped.unfinished()) {
            if (begun.drop().year() == year) {
                return ended(begun, dropped.remains(begun.drop()), entries).orElseThrow(() -> held(year));
            }
        }
        PolicyBundle.Retention policy = retention
                .policy()
                .orElseThrow(() -> new EvidenceException("no policy says how long evidence is kept, so nothing ends"));
        Retention.Planned planned = retention.schedule(policy).stream()
                .filter(one -> one.year().year() == year)
                .findFirst()
                .orElseThrow(() -> new EvidenceException("there is no log of " + year));
        requireEnded(planned, policy);
        SignedHead head = lastHead(year);
        requireYearEnd(planned);
        Remains left = Remains.of(dropped.remains(), year, log(year), head, scratch);
        String name = artifacts.keepRemains(left.bytes());
        YearDrop drop = new YearDrop(
                UUID.randomUUID().toString(),
                year,
                planned.origin(),
                head.note().format(),
                planned.year().ends(),
                by,
                name,
                ErasurePhase.BEGUN);
        byte[] entry = events.yearDrop(drop);
        entries.seal(entry);
        DroppedYears.Begun begun = new DroppedYears.Begun(drop, entry);
        dropped.begun(begun);
        return ended(begun, left, entries).orElseThrow(() -> held(year));
    }

    private static EvidenceException held(int year) {
        return new EvidenceException("the log of " + year + " is held after all");
    }

    /** Finishes what a crash left half done; what cannot be put on record is tried by the next call. */
    public synchronized void finish(OwnEntries entries) throws EvidenceException {
        for (DroppedYears.Begun begun : dropped.unfinished()) {
            ended(begun, dropped.remains(begun.drop()), entries);
        }
    }

    private Optional<YearDrop> ended(DroppedYears.Begun begun, Remains left, OwnEntries entries)
            throws EvidenceException {
        YearDrop drop = begun.drop();
        int year = drop.year();
        if (!logs.marks().containsKey(year)) {
            // Asked after the intent is sealed: a hold that came before it counts, whenever the rest is done.
            if (heldBy(year)) {
                end(drop.in(ErasurePhase.WITHHELD), entries);
                LOG.warn("event=year-not-dropped year={} reason=\"it is held\"", year);
                return Optional.empty();
            }
            logs.mark(year, begun.entry());
            dropped.leaves(left);
        }
        eraseArtifacts(year);
        logs.drop(year);
        if (!dropped.isDone(year)) {
            end(drop.in(ErasurePhase.DONE), entries);
        }
        LOG.info("event=year-dropped year={} ends={} by={}", year, drop.ends(), drop.by());
        return Optional.of(drop);
    }

    /** Of a folder that is half deleted they are erased already, for that comes first. */
    private void eraseArtifacts(int year) throws EvidenceException {
        if (Files.exists(logs.folder(year))) {
            try {
                LogEntries.artifacts(logs.folder(year), artifacts::erase);
            } catch (LogException e) {
                LOG.warn("event=dropped-log-not-read year={} reason=\"{}\"", year, e.getMessage());
            }
        }
    }

    private void end(YearDrop drop, OwnEntries entries) throws EvidenceException {
        entries.seal(events.yearDrop(drop));
        dropped.ended(drop);
    }

    private boolean heldBy(int year) throws EvidenceException {
        return holds.inForce().stream().anyMatch(hold -> hold.covers(year));
    }

    private SealedLog log(int year) throws EvidenceException {
        SealedLog log = logs.all().get(year);
        if (log == null) {
            throw new EvidenceException("there is no log of " + year);
        }
        return log;
    }

    private void requireEnded(Retention.Planned planned, PolicyBundle.Retention policy) throws EvidenceException {
        Schedule.Year year = planned.year();
        switch (year.state()) {
            case OPEN -> throw refused(year, "it still grows");
            case KEPT -> throw refused(year, "it is kept until " + year.ends());
            case HELD -> throw refused(year, "it is held by " + String.join(", ", year.heldBy()));
            case ENDED -> {
                // Whoever sets the clock ahead has not set the authority's.
                Instant stated = stamper.isEmpty()
                        ? Instant.MIN
                        : stamper.get()
                                .state()
                                .last()
                                .map(TimeStamper.Last::time)
                                .orElse(Instant.MIN);
                if (stated.isBefore(year.ends())) {
                    throw refused(year, "no time token says yet that " + year.ends() + " has passed");
                }
            }
        }
        Instant noticed = planned.noticed().orElseThrow(() -> refused(year, "its end is not announced in the log yet"));
        Instant from = noticed.plus(policy.noticeDays(), ChronoUnit.DAYS);
        if (clock.instant().isBefore(from)) {
            throw refused(
                    year,
                    "its end was announced on " + noticed + ", and it goes " + policy.noticeDays()
                            + " days after that at the earliest");
        }
        List<Integer> earlier =
                logs.all().keySet().stream().filter(one -> one < year.year()).toList();
        if (!earlier.isEmpty()) {
            throw refused(year, "the logs of " + earlier + " go first");
        }
    }

    /** Over all entries, and cosigned by enough witnesses: it is all that will be left to prove them by. */
    private SignedHead lastHead(int year) throws EvidenceException {
        SealedLog log = log(year);
        SignedHead last = log.lastHead()
                .filter(head -> head.size() == log.size())
                .orElseThrow(() -> new EvidenceException(
                        "the log of " + year + " stays: no signed head covers all of its entries"));
        SignedHead cosigned = witnesses.cosign(year, last);
        if (quorum.isPresent() && !quorum.get().isMetBy(cosigned.note())) {
            throw new EvidenceException("the log of " + year + " stays: too few witnesses have cosigned its last head");
        }
        return cosigned;
    }

    /** The next log must say already how this one ended. */
    private void requireYearEnd(Retention.Planned planned) throws EvidenceException {
        int next = logs.all().keySet().stream()
                .filter(year -> year > planned.year().year())
                .findFirst()
                .orElseThrow(() -> refused(planned.year(), "no log follows it"));
        if (!LogEntries.any(log(next), json -> LogEvents.isYearEnd(json, planned.origin()))) {
            throw refused(planned.year(), "its last head is no entry of the log of " + next + " yet");
        }
    }

    private static EvidenceException refused(Schedule.Year year, String why) {
        return new EvidenceException("the log of " + year.year() + " stays: " + why);
    }

    /** The head with which a dropped log ended. */
    public static SignedHead head(YearDrop drop) throws EvidenceException {
        try {
            return SignedHead.parse(drop.checkpoint());
        } catch (NoteException e) {
            throw new EvidenceException("the last head of " + drop.origin() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Each year that is dropped, oldest first. */
    public List<YearDrop> years() {
        return List.copyOf(dropped.years().values());
    }
}
