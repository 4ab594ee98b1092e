package dev.keyproof.review.standing;

import dev.keyproof.policy.RuleResult;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How all that the rules judge stands under two policies.
 *
 * @param at the moment at which it was judged, milliseconds since 1970
 * @param subjects how much was, by kind
 * @param changes what differs, worst and most frequent first
 */
public record StandingReport(long at, Map<String, Long> subjects, List<VerdictGroup> changes) {
    private static final Comparator<RuleResult.Control> BY_NAME = Comparator.comparing(RuleResult.Control::framework)
            .thenComparing(RuleResult.Control::version)
            .thenComparing(RuleResult.Control::id);

    public StandingReport {
        changes = List.copyOf(changes);
    }

    /** How many verdicts changed so. */
    public long count(VerdictChange change) {
        return changes.stream()
                .filter(group -> group.change() == change)
                .mapToLong(VerdictGroup::count)
                .sum();
    }

    /** How many of these fail by leave of a quorum. */
    public long byLeave(VerdictChange change) {
        return changes.stream()
                .filter(group -> group.change() == change && group.byLeave())
                .mapToLong(VerdictGroup::count)
                .sum();
    }

    /** How many verdicts changed how, by the control that they answer. */
    public Map<RuleResult.Control, Map<VerdictChange, Long>> byControl() {
        Map<RuleResult.Control, Map<VerdictChange, Long>> byControl = new TreeMap<>(BY_NAME);
        for (VerdictGroup group : changes) {
            for (RuleResult.Control control : group.controls()) {
                byControl
                        .computeIfAbsent(control, any -> new TreeMap<>())
                        .merge(group.change(), group.count(), Long::sum);
            }
        }
        return byControl;
    }

    static List<RuleResult.Control> sorted(Set<RuleResult.Control> controls) {
        return controls.stream().sorted(BY_NAME).toList();
    }
}
