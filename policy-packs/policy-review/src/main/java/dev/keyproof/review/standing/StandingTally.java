package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.keyproof.policy.RuleResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was found so far; subjects are added in the order of their kinds and names, so that the report is the same whoever judged. */
final class StandingTally {
    private static final int MOST_EXAMPLES = 10;

    private record Group(VerdictChange change, String rule, Verdict before, Verdict after, boolean byLeave) {}

    private static final class Members {
        private final Set<RuleResult.Control> controls = new HashSet<>();
        private final List<VerdictGroup.Example> examples = new ArrayList<>();
        private long count;
    }

    private final long at;
    private final Map<Group, Members> groups = new HashMap<>();
    private final Map<String, Long> subjects = new TreeMap<>();

    StandingTally(long at) {
        this.at = at;
    }

    void add(Subjects.Judged judged) {
        Subject subject = judged.subject();
        subjects.merge(subject.kind(), 1L, Long::sum);
        Set<String> rules = new TreeSet<>();
        judged.before().ifPresent(results -> rules.addAll(results.keySet()));
        judged.after().ifPresent(results -> rules.addAll(results.keySet()));
        for (String rule : rules) {
            Verdict before = verdict(judged.before(), rule);
            Verdict after = verdict(judged.after(), rule);
            VerdictChange.between(before, after).ifPresent(change -> {
                // One of the two at most is a failure, or nothing would have changed.
                JsonNode exception = exception(before == Verdict.FAIL ? judged.before() : judged.after(), rule);
                Members members = groups.computeIfAbsent(
                        new Group(change, rule, before, after, exception.isObject()), any -> new Members());
                members.count++;
                controls(judged.before(), rule, members);
                controls(judged.after(), rule, members);
                if (members.examples.size() < MOST_EXAMPLES) {
                    members.examples.add(
                            new VerdictGroup.Example(subject.kind(), subject.id(), subject.told(), exception));
                }
            });
        }
    }

    private static Verdict verdict(Optional<Map<String, RuleResult>> results, String rule) {
        if (results.isEmpty()) {
            return Verdict.ERROR;
        }
        RuleResult result = results.get().get(rule);
        return result == null ? Verdict.NO_RULE : Verdict.of(result);
    }

    private static JsonNode exception(Optional<Map<String, RuleResult>> results, String rule) {
        return results.map(all -> all.get(rule))
                .map(result -> result.evidence().path("exception"))
                .orElse(MissingNode.getInstance());
    }

    private static void controls(Optional<Map<String, RuleResult>> results, String rule, Members members) {
        results.map(all -> all.get(rule)).ifPresent(result -> members.controls.addAll(result.controls()));
    }

    StandingReport report() {
        List<VerdictGroup> changes = new ArrayList<>();
        groups.forEach((group, members) -> changes.add(new VerdictGroup(
                group.change(),
                group.rule(),
                group.before(),
                group.after(),
                group.byLeave(),
                StandingReport.sorted(members.controls),
                members.count,
                members.examples)));
        changes.sort(Comparator.comparing(VerdictGroup::change)
                .thenComparing(Comparator.comparingLong(VerdictGroup::count).reversed())
                .thenComparing(VerdictGroup::rule)
                .thenComparing(VerdictGroup::before)
                .thenComparing(VerdictGroup::byLeave));
        return new StandingReport(at, subjects, changes);
    }
}
