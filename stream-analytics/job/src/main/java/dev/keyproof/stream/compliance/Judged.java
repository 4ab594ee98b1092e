package dev.keyproof.stream.compliance;

import org.jspecify.annotations.Nullable;

/**
 * What the rules were asked about, and when.
 *
 * @param subject {@code key}, {@code account}, {@code installation} or {@code token}
 * @param event {@code metadata.uid} of the event that last told of it
 * @param told when that was, milliseconds since the epoch
 * @param state digest of what it is now; empty where the rules read its past alone
 * @param history digest of what the rules were told of its past
 * @param since when what is remembered of it begins, milliseconds since the epoch; 0 of what is never forgotten
 * @param at when it was judged, milliseconds since the epoch
 */
record Judged(
        String subject,
        String id,
        String event,
        long told,
        @Nullable String run,
        String state,
        String history,
        long since,
        long at) {}
