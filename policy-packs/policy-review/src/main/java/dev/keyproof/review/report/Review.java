package dev.keyproof.review.report;

import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.StandingReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a review found.
 *
 * @param baseName the revision that the head is compared with
 * @param basePolicy digest of its bundle
 * @param headPolicy digest of the head's
 * @param replay what the replay found; null where no history was given
 * @param standing how all that the rules judge stands under both; null where no history was given
 * @param unproven what of the history nobody proved, a sentence each
 */
public record Review(
        String baseName,
        String basePolicy,
        String headPolicy,
        @Nullable ReplayReport replay,
        @Nullable StandingReport standing,
        List<String> unproven) {
    public Review {
        unproven = List.copyOf(unproven);
    }
}
