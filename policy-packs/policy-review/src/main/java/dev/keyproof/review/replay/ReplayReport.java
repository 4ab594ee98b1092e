package dev.keyproof.review.replay;

import dev.keyproof.review.history.Place;
import java.util.List;
import java.util.Map;

/**
 * What a replay found.
 *
 * @param decisions how many sealed decisions there are
 * @param replayed how many were made again under the policy and data that they cite
 * @param same how many of these gave the sealed result
 * @param differing the first of those that did not
 * @param undecided how many could not be made again, by why
 * @param without how many outcomes carry no decision, by why
 * @param flips what base and head decide differently, worst and most frequent first
 * @param unlisted flips beyond the groups that are kept apart
 * @param remembered how many of the decisions by base and head were not evaluated, since what policy reads of them was the same
 */
public record ReplayReport(
        long decisions,
        long replayed,
        long same,
        List<Place> differing,
        Map<String, Long> undecided,
        Map<String, Long> without,
        List<FlipGroup> flips,
        long unlisted,
        long remembered) {
    public ReplayReport {
        differing = List.copyOf(differing);
        undecided = Map.copyOf(undecided);
        without = Map.copyOf(without);
        flips = List.copyOf(flips);
    }

    /** How many were not made again, so that nothing shows that they are what was sealed. */
    public long unreplayed() {
        return undecided.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many decisions changed so. */
    public long count(Change change) {
        return flips.stream()
                .filter(flip -> flip.change() == change)
                .mapToLong(FlipGroup::count)
                .sum();
    }

    /** Whether every decision that could be made again gave what was sealed. */
    public boolean isFaithful() {
        return same == replayed;
    }
}
