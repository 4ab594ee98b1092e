package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.Verdict;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How all that the rules judge stands, in a comment: what the rules say otherwise, and which controls that touches. */
final class StandingMarkdown {
    private static final int MOST_NAMED = 3;

    private StandingMarkdown() {}

    static void write(StringBuilder text, StandingReport standing) {
        if (standing.changes().isEmpty()) {
            text.append("\n**No verdict of the rules changes.**\n");
            return;
        }
        text.append("\n**Of the verdicts on ")
                .append(counted(standing.subjects()))
                .append("**, as they stand at ")
                .append(Instant.ofEpochMilli(standing.at()))
                .append("\n\n");
        for (VerdictChange change : VerdictChange.values()) {
            long count = standing.count(change);
            if (count > 0) {
                text.append("- **")
                        .append(MarkdownReport.number(count))
                        .append("** ")
                        .append(change.text())
                        .append(byLeave(standing.byLeave(change)))
                        .append('\n');
            }
        }
        groups(text, standing.changes());
        controls(text, standing.byControl());
    }

    private static String byLeave(long count) {
        return count == 0 ? "" : ", **" + MarkdownReport.number(count) + "** by leave of a quorum";
    }

    /** A key by its name, anything else with what it is; and until when a quorum lets it fail. */
    static String named(VerdictGroup.Example example) {
        return named(example.subject(), example.id()) + leave(example.exception());
    }

    private static String leave(JsonNode exception) {
        return exception.isObject()
                ? " by leave until "
                        + Instant.ofEpochSecond(exception.path("until").asLong())
                                .atOffset(ZoneOffset.UTC)
                                .toLocalDate()
                : "";
    }

    /** A verdict of a group, and that a failure is one by leave. */
    static String text(Verdict verdict, VerdictGroup group) {
        return verdict == Verdict.FAIL && group.byLeave() ? verdict.text() + " by leave" : verdict.text();
    }

    static String named(String subject, String id) {
        return subject.equals("key") || subject.equals(id) ? id : subject + " " + id;
    }

    /** Such as {@code 1 account, 3 keys}. */
    static String counted(Map<String, Long> subjects) {
        return subjects.entrySet().stream()
                .map(some -> MarkdownReport.number(some.getValue()) + " " + some.getKey()
                        + (some.getValue() == 1 ? "" : "s"))
                .collect(Collectors.joining(", "));
    }

    private static void groups(StringBuilder text, List<VerdictGroup> groups) {
        text.append("\n### What the rules say otherwise\n\n");
        text.append("| count | rule | before | after | such as | examples |\n|---:|---|---|---|---|---|\n");
        groups.stream()
                .limit(MarkdownReport.MOST_ROWS)
                .forEach(group -> text.append("| ")
                        .append(MarkdownReport.number(group.count()))
                        .append(" | ")
                        .append(MarkdownReport.code(group.rule()))
                        .append(" | ")
                        .append(text(group.before(), group))
                        .append(" | ")
                        .append(text(group.after(), group))
                        .append(" | ")
                        .append(group.examples().stream()
                                .limit(MOST_NAMED)
                                .map(example -> MarkdownReport.code(named(example.subject(), example.id()))
                                        + leave(example.exception()))
                                .collect(Collectors.joining(", ")))
                        .append(" | ")
                        .append(group.examples().stream()
                                .limit(MOST_NAMED)
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
