package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;

/** Seals that a game day was held, and the digest of the report that it left. Thread-safe. */
public final class DrillReports {
    private final YearLogs logs;
    private final OwnEntries entries;
    private final LogEvents events;

    public DrillReports(YearLogs logs, OwnEntries entries, LogEvents events) {
        this.logs = logs;
        this.entries = entries;
        this.events = events;
    }

    /**
     * Seals a report.
     *
     * @param drill the drill's name: letters, digits and hyphens
     * @param report {@code sha256:} and the digest of the report in hex
     */
    public OwnEntries.Sealed seal(String drill, String report, boolean passed) throws EvidenceException {
        if (!drill.matches("[a-z0-9-]{1,64}") || !report.matches("sha256:[0-9a-f]{64}")) {
            throw new EvidenceException(
                    "a drill has a name of a-z, 0-9 and '-', and a report by sha256: and 64 hex digits");
        }
        return entries.seal(events.drill(logs.origin(logs.year()), drill, report, passed));
    }
}
