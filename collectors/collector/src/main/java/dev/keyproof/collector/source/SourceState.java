package dev.keyproof.collector.source;

import org.jspecify.annotations.Nullable;

/**
 * A source in numbers. Counts are over the life of the origin, not of this process, as far as positions tell.
 *
 * @param kind {@code journal} or {@code cloudtrail}
 * @param epoch of a journal
 * @param position records (journal) or files (CloudTrail) taken
 * @param lag records or files known and not yet taken
 * @param published events given out for publishing
 * @param quarantined records set aside
 * @param ignored records that concern no key
 * @param disordered journal records that did not stand where their own number says
 */
public record SourceState(
        String name,
        String kind,
        @Nullable String epoch,
        long position,
        long lag,
        long published,
        long quarantined,
        long ignored,
        long disordered) {}
