package dev.keyproof.review.report;

import dev.keyproof.policy.RuleResult;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How keys stand, in a comment: what the rules say otherwise, and which controls that touches. */
final class StandingMarkdown {
    private static final int MOST_KEYS = 3;

    private StandingMarkdown() {}

    static void write(StringBuilder text, StandingReport standing) {
        if (standing.changes().isEmpty()) {
            text.append("\n**No verdict on a key changes.**\n");
            return;
        }
        text.append("\n**Of the verdicts on ")
                .append(MarkdownReport.number(standing.keys()))
                .append(" keys**, as they stand at ")
                .append(Instant.ofEpochMilli(standing.at()))
                .append("\n\n");
        for (VerdictChange change : VerdictChange.values()) {
            long count = standing.count(change);
            if (count > 0) {
                text.append("- **")
                        .append(MarkdownReport.number(count))
                        .append("** ")
                        .append(change.text())
                        .append('\n');
            }
        }
        groups(text, standing.changes());
        controls(text, standing.byControl());
    }

    private static void groups(StringBuilder text, List<VerdictGroup> groups) {
        text.append("\n### What the rules say otherwise\n\n");
        text.append("| keys | rule | before | after | such as | examples |\n|---:|---|---|---|---|---|\n");
        groups.stream()
                .limit(MarkdownReport.MOST_ROWS)
                .forEach(group -> text.append("| ")
                        .append(MarkdownReport.number(group.count()))
                        .append(" | ")
                        .append(MarkdownReport.code(group.rule()))
                        .append(" | ")
                        .append(group.before().text())
                        .append(" | ")
                        .append(group.after().text())
                        .append(" | ")
                        .append(group.examples().stream()
                                .limit(MOST_KEYS)
                                .map(example -> MarkdownReport.code(example.key()))
                                .collect(Collectors.joining(", ")))
                        .append(" | ")
                        .append(group.examples().stream()
                                .limit(MOST_KEYS)
                                .map(example -> MarkdownReport.place(example.told()))
                                .collect(Collectors.joining(", ")))
                        .append(" |\n"));
        if (groups.size() > MarkdownReport.MOST_ROWS) {
            text.append("\n")
                    .append(groups.size() - MarkdownReport.MOST_ROWS)
                    .append(" more are in the JSON report.\n");
        }
    }

    private static void controls(StringBuilder text, Map<RuleResult.Control, Map<VerdictChange, Long>> controls) {
        text.append(
                "\n### Controls that this touches\n\n| control | fail no more | cannot be judged | fail now |\n|---|---:|---:|---:|\n");
        controls.entrySet().stream()
                .filter(control -> !control.getValue().keySet().equals(Set.of(VerdictChange.REGRADED)))
                .limit(MarkdownReport.MOST_ROWS)
                .forEach(control -> text.append("| ")
                        .append(MarkdownReport.code(control.getKey().framework() + " "
                                + control.getKey().version() + " "
                                + control.getKey().id()))
                        .append(" | ")
                        .append(count(control.getValue(), VerdictChange.EXCUSED))
                        .append(" | ")
                        .append(count(control.getValue(), VerdictChange.UNJUDGED))
                        .append(" | ")
                        .append(count(control.getValue(), VerdictChange.FAILING))
                        .append(" |\n"));
    }

    private static String count(Map<VerdictChange, Long> counts, VerdictChange change) {
        return MarkdownReport.number(counts.getOrDefault(change, 0L));
    }
}
