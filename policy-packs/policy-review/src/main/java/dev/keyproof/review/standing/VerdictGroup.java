package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.review.history.Place;
import java.util.List;

/**
 * Subjects of which two policies say the same two things by one rule.
 *
 * @param byLeave whether whichever of the two is a failure is one by leave of a quorum
 * @param controls what the rule answers under either policy
 * @param count how many subjects
 * @param examples the first few
 */
public record VerdictGroup(
        VerdictChange change,
        String rule,
        Verdict before,
        Verdict after,
        boolean byLeave,
        List<RuleResult.Control> controls,
        long count,
        List<Example> examples) {
    public VerdictGroup {
        controls = List.copyOf(controls);
        examples = List.copyOf(examples);
    }

    /**
     * A subject.
     *
     * @param subject its kind
     * @param told where the record told of it last
     * @param exception by whose leave it fails; a missing node where nobody gave leave
     */
    public record Example(String subject, String id, Place told, JsonNode exception) {}
}
