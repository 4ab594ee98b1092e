package dev.keyproof.log.journal;

import dev.keyproof.log.LogOptions;
import java.util.Optional;

/**
 * How a journal behaves.
 *
 * @param log memory and disk
 * @param gapWriter writes the one gap entry after the disk was full; without it the journal simply goes on
 */
public record JournalOptions(LogOptions log, Optional<GapWriter> gapWriter) {
    /** Default sizes, no gap entry. */
    public static final JournalOptions DEFAULTS = new JournalOptions(LogOptions.DEFAULTS, Optional.empty());

    public JournalOptions withGapWriter(GapWriter writer) {
        return new JournalOptions(log, Optional.of(writer));
    }

    public JournalOptions withLog(LogOptions options) {
        return new JournalOptions(options, gapWriter);
    }
}
