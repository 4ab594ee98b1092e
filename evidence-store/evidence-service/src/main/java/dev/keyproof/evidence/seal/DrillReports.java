package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Seals that a game day was held, and the digest of the report that it left. Thread-safe. */
public final class DrillReports {
    private static final int PATIENCE_S = 30;

    private final YearLogs logs;
    private final SealingLoop sealing;
    private final LogEvents events;

    public DrillReports(YearLogs logs, SealingLoop sealing, LogEvents events) {
        this.logs = logs;
        this.sealing = sealing;
        this.events = events;
    }

    /** Where a report is sealed: entry {@code index} of the log {@code origin}. */
    public record Sealed(String origin, long index) {}

    /**
     * Seals a report.
     *
     * @param drill the drill's name: letters, digits and hyphens
     * @param report {@code sha256:} and the digest of the report in hex
     */
    public Sealed seal(String drill, String report, boolean passed) throws EvidenceException {
        if (!drill.matches("[a-z0-9-]{1,64}") || !report.matches("sha256:[0-9a-f]{64}")) {
            throw new EvidenceException(
                    "a drill has a name of a-z, 0-9 and '-', and a report by sha256: and 64 hex digits");
        }
        CompletableFuture<Sealed> place = new CompletableFuture<>();
        byte[] entry = events.drill(logs.origin(logs.year()), drill, report, passed);
        try {
            sealing.seal(entry, (year, index) -> place.complete(new Sealed(logs.origin(year), index)))
                    .get(PATIENCE_S, TimeUnit.SECONDS);
            return place.join();
        } catch (ExecutionException | TimeoutException e) {
            throw new EvidenceException("the report was not sealed, for nothing is sealed now: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceException("stopped while a report was sealed", e);
        }
    }
}
