package dev.keyproof.evidence.pack;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Bars in SVG, each with its numbers as text. Ink alone tells their parts apart. */
final class Charts {
    private static final int WIDTH = 180;

    /** So many bars fit on a page. */
    private static final int MOST_BARS = 36;

    /** How much of a date names a day, a month, a year. */
    private static final int[] STEPS = {10, 7, 4};

    private Charts() {}

    /** The fills of {@link Outcome}; stands once in a page that shows verdicts. */
    static String patterns() {
        return """
                <svg class=defs width="0" height="0" aria-hidden="true"><defs>
                <pattern id="not-evaluated" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="white"/><path d="M0 5L5 0" stroke="black" stroke-width="1.4"/></pattern>
                <pattern id="not-applicable" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="white"/><circle cx="2.5" cy="2.5" r=".8" fill="black"/></pattern>
                </defs></svg>
                """;
    }

    static String legend() {
        return Arrays.stream(Outcome.values())
                .map(outcome -> "<span class=key>" + svg(14, outcome.word(), part(0, 14, outcome.fill())) + " "
                        + outcome.word() + "</span>")
                .collect(Collectors.joining(" "));
    }

    /** One bar of parts, the gravest first. */
    static String verdicts(Map<Outcome, Long> counts) {
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder parts = new StringBuilder();
        StringBuilder said = new StringBuilder();
        long before = 0;
        for (Outcome outcome : Outcome.values()) {
            long count = counts.getOrDefault(outcome, 0L);
            if (count > 0) {
                parts.append(part(scaled(before, total), scaled(before + count, total), outcome.fill()));
                said.append(said.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(outcome.word());
                before += count;
            }
        }
        return svg(WIDTH, said.isEmpty() ? "none" : said.toString(), parts.toString());
    }

    /** A bar for each day; for each month or year where that is too many. */
    static String operations(SortedMap<LocalDate, ReportEntries.Day> days) {
        SortedMap<String, ReportEntries.Day> bars = new TreeMap<>();
        String unit = "Day";
        for (int step : STEPS) {
            bars = by(step, days);
            unit = step == STEPS[0] ? "Day" : step == STEPS[1] ? "Month" : "Year";
            if (bars.size() <= MOST_BARS) {
                break;
            }
        }
        long most = bars.values().stream()
                .mapToLong(ReportEntries.Day::operations)
                .max()
                .orElse(0);
        int left = Math.max(0, bars.size() - MOST_BARS);
        StringBuilder html = new StringBuilder();
        html.append("<table><thead><tr><th>")
                .append(unit)
                .append(" (UTC)</th><th class=n>Operations</th><th></th><th>First sealed</th></tr></thead><tbody>\n");
        bars.entrySet().stream()
                .skip(left)
                .forEach(bar -> html.append("<tr><td>")
                        .append(bar.getKey())
                        .append("</td><td class=n>")
                        .append(Html.number(bar.getValue().operations()))
                        .append("</td><td>")
                        .append(svg(
                                WIDTH,
                                Html.count(bar.getValue().operations(), "operation"),
                                part(0, scaled(bar.getValue().operations(), most), "#777")))
                        .append("</td><td>")
                        .append(bar.getValue().first().link())
                        .append("</td></tr>\n"));
        html.append("</tbody></table>\n");
        if (left > 0) {
            html.append("<p>").append(Html.number(left)).append(" before these are left out.</p>\n");
        }
        return html.toString();
    }

    private static SortedMap<String, ReportEntries.Day> by(int step, SortedMap<LocalDate, ReportEntries.Day> days) {
        SortedMap<String, ReportEntries.Day> bars = new TreeMap<>();
        days.forEach((day, had) -> bars.merge(
                day.toString().substring(0, step),
                had,
                (all, more) -> new ReportEntries.Day(
                        all.operations() + more.operations(),
                        all.first().compareTo(more.first()) <= 0 ? all.first() : more.first())));
        return bars;
    }

    private static double scaled(long value, long whole) {
        return whole == 0 ? 0 : (double) value * WIDTH / whole;
    }

    private static String part(double from, double to, String fill) {
        return String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\".5\" width=\"%.1f\" height=\"11\" fill=\"%s\" stroke=\"black\"/>",
                from + .5,
                to - from,
                fill);
    }

    private static String svg(int width, String said, String parts) {
        return "<svg role=\"img\" width=\"" + (width + 1) + "\" height=\"12\" viewBox=\"0 0 " + (width + 1)
                + " 12\" aria-label=\"" + said + "\"><title>" + said + "</title>" + parts + "</svg>";
    }
}
