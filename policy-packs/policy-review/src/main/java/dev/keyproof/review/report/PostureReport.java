package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.review.standing.Posture;
import dev.keyproof.review.standing.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How all that the rules judge stood at a moment: for people in Markdown, and for programs in JSON with a proof of what each finding is of. */
public final class PostureReport {
    private static final List<Verdict> VERDICTS =
            List.of(Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.NOT_EVALUATED);
    private static final int MOST_ROWS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private PostureReport() {}

    /**
     * The same posture gives the same text.
     *
     * @param unproven what of the history nobody proved, a sentence each; empty where all is
     */
    public static String markdown(Posture posture, List<String> unproven) {
        StringBuilder text = new StringBuilder("# Posture at ")
                .append(Instant.ofEpochMilli(posture.at()))
                .append("\n\n")
                .append(StandingMarkdown.counted(posture.subjects()))
                .append(", judged by policy ")
                .append(MarkdownReport.code(posture.policy()))
                .append(" over data ")
                .append(MarkdownReport.code(posture.data()))
                .append(". ")
                .append(MarkdownReport.number(posture.findings().size()))
                .append(" findings, ")
                .append(MarkdownReport.number(posture.findings().size() - posture.unexcused()))
                .append(" of them by leave of a quorum.\n");
        if (!unproven.isEmpty()) {
            text.append("\n**Not proven:**\n\n");
            unproven.forEach(sentence -> text.append("- ").append(sentence).append('\n'));
        }
        counts(text, "Controls", "control", posture.controls());
        counts(text, "Rules", "rule", posture.rules());
        findings(text, posture.findings());
        return text.toString();
    }

    private static void counts(StringBuilder text, String title, String what, Map<String, Map<Verdict, Long>> counted) {
        text.append("\n## ").append(title).append("\n\n| ").append(what);
        VERDICTS.forEach(verdict -> text.append(" | ").append(verdict.text()));
        text.append(" |\n|---").append("|---:".repeat(VERDICTS.size())).append("|\n");
        counted.forEach((name, counts) -> {
            text.append("| ").append(MarkdownReport.code(name));
            VERDICTS.forEach(
                    verdict -> text.append(" | ").append(MarkdownReport.number(counts.getOrDefault(verdict, 0L))));
            text.append(" |\n");
        });
    }

    private static void findings(StringBuilder text, List<Posture.Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        text.append(
                "\n## Findings\n\n| rule | of | severity | faults | since | by leave until | entry |\n|---|---|---|---|---|---|---|\n");
        findings.stream()
                .limit(MOST_ROWS)
                .forEach(finding -> text.append("| ")
                        .append(MarkdownReport.code(finding.rule()))
                        .append(" | ")
                        .append(MarkdownReport.code(StandingMarkdown.named(finding.subject(), finding.id())))
                        .append(" | ")
                        .append(finding.severity())
                        .append(" | ")
                        .append(MarkdownReport.code(finding.faults().toString()))
                        .append(" | ")
                        .append(finding.since().map(PostureReport::since).orElse(""))
                        .append(" | ")
                        .append(
                                finding.exception().isObject()
                                        ? Instant.ofEpochSecond(finding.exception()
                                                        .path("until")
                                                        .asLong())
                                                .toString()
                                        : "")
                        .append(" | ")
                        .append(MarkdownReport.place(finding.told()))
                        .append(" |\n"));
        if (findings.size() > MOST_ROWS) {
            text.append("\n").append(findings.size() - MOST_ROWS).append(" more are in the JSON report.\n");
        }
    }

    /** To the second, or between two moments at which it was looked at; what never passed may be older than the record. */
    private static String since(Posture.Since since) {
        String at = second(since.at());
        if (since.passed().isEmpty()) {
            return at + " or before";
        }
        return since.at() - since.passed().getAsLong() <= 1000
                ? at
                : "between " + second(since.passed().getAsLong()) + " and " + at;
    }

    private static String second(long milliseconds) {
        return Instant.ofEpochSecond(Math.floorDiv(milliseconds, 1000L)).toString();
    }

    /** {@code proofs} proves the entries that told of the subjects last. */
    public static String json(Posture posture, List<String> unproven, Proofs proofs) {
        ObjectNode json = JSON.createObjectNode()
                .put("at", Instant.ofEpochMilli(posture.at()).toString())
                .put("policy", posture.policy())
                .put("data", posture.data());
        posture.subjects().forEach(json.putObject("subjects")::put);
        ArrayNode limits = json.putArray("unproven");
        unproven.forEach(limits::add);
        json.set("controls", counts(posture.controls()));
        json.set("rules", counts(posture.rules()));
        ArrayNode findings = json.putArray("findings");
        for (Posture.Finding finding : posture.findings()) {
            ObjectNode told = JsonReport.place(finding.told(), proofs)
                    .put("rule", finding.rule())
                    .put("subject", finding.subject())
                    .put("id", finding.id())
                    .put("severity", finding.severity());
            finding.since().ifPresent(since -> {
                told.put("since", second(since.at()));
                since.passed().ifPresent(passed -> told.put("passed", second(passed)));
            });
            told.set("faults", finding.faults());
            if (finding.exception().isObject()) {
                told.set("exception", finding.exception());
            }
            findings.add(told);
        }
        return json.toPrettyString() + "\n";
    }

    private static ObjectNode counts(Map<String, Map<Verdict, Long>> counted) {
        ObjectNode json = JSON.createObjectNode();
        counted.forEach((name, counts) -> {
            ObjectNode one = json.putObject(name);
            VERDICTS.forEach(verdict -> one.put(verdict.text(), counts.getOrDefault(verdict, 0L)));
        });
        return json;
    }
}
