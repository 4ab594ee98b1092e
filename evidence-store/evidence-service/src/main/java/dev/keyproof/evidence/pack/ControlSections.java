package dev.keyproof.evidence.pack;

import dev.keyproof.verify.PackContents;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The part of a report on controls: a chart of all, and a page for each with the findings it rests on. */
final class ControlSections {
    private final ReportEntries entries;
    private final Map<String, String> titles;
    private final Map<String, Map<Outcome, Long>> standing;
    private final Map<String, String> anchors;

    /** {@code titles} are those of controls, by their names. */
    ControlSections(ReportEntries entries, Map<String, String> titles) {
        this.entries = entries;
        this.titles = titles;
        this.standing = entries.standing();
        this.anchors = anchors(entries.controls().keySet());
    }

    private static Map<String, String> anchors(Set<String> controls) {
        Map<String, String> anchors = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        for (String control : controls) {
            String plain = "control-"
                    + control.codePoints()
                            .limit(60)
                            .collect(
                                    StringBuilder::new,
                                    (made, point) -> made.append(isPlain(point) ? (char) point : '_'),
                                    StringBuilder::append);
            String anchor = plain;
            for (int more = 2; !used.add(anchor); more++) {
                anchor = plain + "-" + more;
            }
            anchors.put(control, anchor);
        }
        return anchors;
    }

    private static boolean isPlain(int point) {
        return point < 128 && (Character.isLetterOrDigit(point) || point == '.' || point == '-');
    }

    String overview() {
        if (anchors.isEmpty()) {
            return "<h2>Controls</h2>\n<p>No finding in this pack names a control.</p>\n";
        }
        StringBuilder html = new StringBuilder();
        html.append(
                "<h2>Controls</h2>\n<p>The newest verdict of each rule on each key, as sealed in this pack. Rules answer for a"
                        + " part of a control; what a person must answer is not in here.</p>\n");
        html.append(Charts.patterns());
        html.append("<p>").append(Charts.legend()).append("</p>\n<table><thead><tr><th>Control</th>");
        outcomes(html);
        html.append("<th>Verdicts</th></tr></thead><tbody>\n");
        anchors.forEach((control, anchor) -> {
            Map<Outcome, Long> counts = standing.getOrDefault(control, Map.of());
            html.append("<tr><td><a href=\"#")
                    .append(anchor)
                    .append("\">")
                    .append(Html.text(control))
                    .append("</a>");
            title(html, "<br>", control);
            html.append("</td>");
            numbers(html, counts);
            html.append("<td>").append(Charts.verdicts(counts)).append("</td></tr>\n");
        });
        html.append("</tbody></table>\n");
        if (entries.unshown() > 0) {
            html.append("<p>Only the first ")
                    .append(ReportEntries.MOST_CONTROLS)
                    .append(" controls that findings name are shown. Others were named ")
                    .append(Html.number(entries.unshown()))
                    .append(" times: ")
                    .append(Html.link(PackContents.FINDINGS, PackContents.FINDINGS))
                    .append(".</p>\n");
        }
        return html.toString();
    }

    String pages() {
        StringBuilder html = new StringBuilder();
        entries.controls().forEach((control, found) -> page(html, control, found));
        return html.toString();
    }

    private void page(StringBuilder html, String control, ReportEntries.Control found) {
        html.append("<section id=\"")
                .append(anchors.get(control))
                .append("\">\n<h2>")
                .append(Html.text(control));
        title(html, ": ", control);
        html.append("</h2>\n<table><thead><tr><th>Verdicts</th>");
        outcomes(html);
        html.append("<th></th></tr></thead><tbody>\n");
        counted(html, "Newest of each rule on each key", standing.getOrDefault(control, Map.of()));
        counted(html, "All that were sealed", found.sealed());
        html.append("</tbody></table>\n");
        long total = found.sealed().values().stream().mapToLong(Long::longValue).sum();
        int listed = found.listed().size();
        html.append("<p>")
                .append((listed == total ? "" : listed + " of ") + Html.count(total, "finding"))
                .append(", failures first, then the newest; all as sealed: ")
                .append(Html.link(PackContents.FINDINGS, PackContents.FINDINGS))
                .append(
                        ".</p>\n<table><thead><tr><th>Rule</th><th>Key</th><th>Verdict</th><th>When (UTC)</th><th>Record</th></tr></thead><tbody>\n");
        for (ReportEntries.Finding one : found.listed()) {
            html.append("<tr><td>")
                    .append(Html.text(one.rule()))
                    .append("</td><td>")
                    .append(Html.text(one.key()))
                    .append("</td><td>")
                    .append(
                            one.outcome() == Outcome.FAIL
                                    ? "<strong>FAIL</strong>"
                                    : one.outcome().word())
                    .append(one.exception().isEmpty() ? "" : "<br>by leave: " + Html.text(one.exception()))
                    .append("</td><td class=t>")
                    .append(ReportEntries.isDated(one.time()) ? Instant.ofEpochMilli(one.time()) : "not stated")
                    .append("</td><td>")
                    .append(one.place().link())
                    .append("</td></tr>\n");
        }
        html.append("</tbody></table>\n<p class=back><a href=\"#top\">Back to the summary</a></p>\n</section>\n");
    }

    private void title(StringBuilder html, String before, String control) {
        String title = titles.get(control);
        if (title != null) {
            html.append(before).append(Html.text(title));
        }
    }

    private static void outcomes(StringBuilder html) {
        for (Outcome outcome : Outcome.values()) {
            html.append("<th class=n>").append(outcome.word()).append("</th>");
        }
    }

    private static void counted(StringBuilder html, String what, Map<Outcome, Long> counts) {
        html.append("<tr><td>").append(what).append("</td>");
        numbers(html, counts);
        html.append("<td>").append(Charts.verdicts(counts)).append("</td></tr>\n");
    }

    private static void numbers(StringBuilder html, Map<Outcome, Long> counts) {
        for (Outcome outcome : Outcome.values()) {
            html.append("<td class=n>")
                    .append(Html.number(counts.getOrDefault(outcome, 0L)))
                    .append("</td>");
        }
    }
}
