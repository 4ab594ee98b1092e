package dev.keyproof.review.replay;

import dev.keyproof.review.history.Place;
import java.util.List;

/**
 * Past operations of one kind that two policies decide differently for the same reasons.
 *
 * @param before the reasons of the one
 * @param after the reasons of the other
 * @param examples the first few
 */
public record FlipGroup(
        Change change,
        String operation,
        String actor,
        String key,
        List<String> before,
        List<String> after,
        long count,
        long firstTime,
        long lastTime,
        List<Place> examples) {
    public FlipGroup {
        before = List.copyOf(before);
        after = List.copyOf(after);
        examples = List.copyOf(examples);
    }
}
