package dev.keyproof.evidence.hold;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Severity;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.seal.LogFinding;
import dev.keyproof.evidence.seal.OwnFindings;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.LegalHold;
import dev.keyproof.verify.LegalHolds;
import dev.keyproof.verify.TrustFile;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the logs as they grow, from their first entry at each start, and says what is held. A record about a hold whose approval does
 * not bear it out is a finding. Thread-safe.
 */
public final class Holds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Holds.class);
    private static final int READ = 512;
    private static final long PAUSE_MS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final YearLogs logs;
    private final DroppedYears dropped;
    private final OwnFindings findings;
    private final Clock clock;
    private final LegalHolds holds;
    private final Map<Integer, Long> next = new HashMap<>();
    private final Set<LegalHolds.Flaw> told = new HashSet<>();
    private final Thread thread = Thread.ofPlatform().name("holds").unstarted(this::run);
    private volatile Optional<LegalHolds.State> state = Optional.empty();
    private boolean changed;
    private boolean begun;
    private volatile boolean stopping;

    /** @param anchor names the first approvers */
    public Holds(
            YearLogs logs,
            DroppedYears dropped,
            Artifacts artifacts,
            TrustFile anchor,
            OwnFindings findings,
            Clock clock) {
        this.logs = logs;
        this.dropped = dropped;
        this.findings = findings;
        this.clock = clock;
        this.holds = new LegalHolds(anchor, new KeptPolicies(artifacts)::withData);
    }

    /** So that findings are found without anybody asking. */
    public void start() {
        thread.start();
    }

    /** Those in force after all that is sealed now, in the order in which they were placed. */
    public synchronized List<LegalHold> inForce() throws EvidenceException {
        return caughtUp().holds();
    }

    /** Those in force when it was looked last, a moment ago; empty before that. */
    public Optional<List<LegalHold>> known() {
        return state.map(LegalHolds.State::holds);
    }

    /** Those whose records are not borne out, with the reason; a hold among them holds all the same. */
    public synchronized List<LegalHolds.Flaw> flaws() throws EvidenceException {
        return caughtUp().flaws();
    }

    /** Of years that were dropped before this start: who may release what was placed in them. */
    private void begin() {
        if (!begun) {
            begun = true;
            dropped.remains()
                    .ifPresent(remains -> remains.records()
                            .forEach((place, kept) -> holds.entry("log/" + place.year(), place.index(), kept.entry())));
        }
    }

    private LegalHolds.State caughtUp() throws EvidenceException {
        begin();
        try {
            for (Map.Entry<Integer, SealedLog> year : logs.all().entrySet()) {
                String folder = "log/" + year.getKey();
                long index = next.getOrDefault(year.getKey(), 0L);
                while (index < year.getValue().size()) {
                    for (byte[] entry : year.getValue().read(index, READ)) {
                        // Whatever fails later, no entry is taken twice, and that one of them changed something is
                        // remembered.
                        next.put(year.getKey(), index + 1);
                        changed |= holds.entry(folder, index++, entry);
                    }
                }
            }
        } catch (LogException e) {
            throw new EvidenceException("the log cannot be read for its legal holds: " + e.getMessage(), e);
        }
        LegalHolds.State known = state.orElse(null);
        if (known == null || changed) {
            known = holds.state();
            state = Optional.of(known);
            changed = false;
            known.flaws().stream().filter(told::add).forEach(this::tell);
        }
        return known;
    }

    private void tell(LegalHolds.Flaw flaw) {
        boolean places = flaw.operation().equals("PlaceLegalHold");
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("log", flaw.log())
                .put("index", flaw.index())
                .put("operation", flaw.operation())
                .put("hold", flaw.hold());
        LogFinding finding = new LogFinding(
                "legal-hold",
                flaw.log() + "\n" + flaw.index(),
                Severity.HIGH,
                logs.origin(Integer.parseInt(flaw.log().substring(flaw.log().indexOf('/') + 1))),
                places ? "A legal hold was placed without a sound approval" : "A legal hold was released without one",
                "Entry " + flaw.index() + " of " + flaw.log() + ", " + flaw.operation() + ": " + flaw.reason() + ". "
                        + (places ? "It holds all the same." : "Nothing is released."),
                "legal holds",
                detail);
        findings.add(finding.uid(), finding.event(clock.millis()));
    }

    private void run() {
        while (!stopping) {
            try {
                inForce();
            } catch (EvidenceException | RuntimeException e) {
                LOG.warn("event=holds-not-read reason=\"{}\"", e.getMessage());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
