package dev.keyproof.review.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The pages of a catalogue, in Markdown, by the paths at which they refer to each other. */
public final class Pages {
    private static final String INDEX = "README.md";

    private final Catalogue catalogue;

    public Pages(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** All of them. The same catalogue gives the same pages. */
    public Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        pages.put(INDEX, index());
        catalogue.rules().forEach(rule -> pages.put(path(rule), page(rule)));
        catalogue.frameworks().forEach(framework -> pages.put(path(framework), page(framework)));
        return pages;
    }

    private static String path(Rule rule) {
        return "rules/" + rule.name() + ".md";
    }

    static String path(Framework framework) {
        return "frameworks/" + framework.name() + ".md";
    }

    private String index() {
        List<String> lines = new ArrayList<>(List.of(
                "# What the packs check",
                "",
                catalogue.rules().size() + " rules, and "
                        + catalogue.frameworks().size()
                        + " frameworks as far as they ask for anything of keys and of the evidence of their use.",
                "",
                "## Frameworks",
                "",
                "| framework | version | controls | rules alone | rules and a person | a person alone |",
                "|---|---|---:|---:|---:|---:|"));
        for (Framework framework : catalogue.frameworks()) {
            lines.add(row(
                    link(framework.title(), path(framework)),
                    framework.version(),
                    framework.controls().size(),
                    framework.count(Framework.Answer.RULES),
                    framework.count(Framework.Answer.BOTH),
                    framework.count(Framework.Answer.PERSON)));
        }
        lines.addAll(List.of("", "## Rules", "", "| rule | what holds | severity | judges |", "|---|---|---|---|"));
        for (Rule rule : catalogue.rules()) {
            lines.add(row(link(rule.name(), path(rule)), rule.title(), rule.severity(), rule.judges()));
        }
        return text(lines);
    }

    private String page(Rule rule) {
        List<String> lines = new ArrayList<>(List.of(
                "# " + rule.title(),
                "",
                "`" + rule.name() + "` · severity " + rule.severity() + " · judges each " + rule.judges()
                        + " · source `" + rule.file() + "`",
                "",
                rule.description(),
                "",
                "## When it fails",
                "",
                rule.remediation(),
                "",
                "## What it reads",
                "",
                "| field of its input | where that stands in the record |",
                "|---|---|"));
        rule.reads().forEach((field, place) -> lines.add(row("`" + field + "`", place)));
        lines.addAll(List.of(
                "",
                "## Controls that it answers",
                "",
                "| control | what that asks for | answered by | as stated in |",
                "|---|---|---|---|"));
        for (Rule.Named named : rule.controls()) {
            Framework.Control control = catalogue
                    .framework(named.framework())
                    .flatMap(framework -> framework.controls().stream()
                            .filter(one -> one.id().equals(named.id()))
                            .findFirst())
                    .orElse(null);
            lines.add(row(
                    catalogue
                            .framework(named.framework())
                            .map(framework -> link(
                                    framework.name() + ":" + named.id(),
                                    "../../" + path(framework) + anchor(named.id())))
                            .orElse(named.framework() + ":" + named.id()),
                    control == null ? "" : control.title(),
                    control == null ? "" : control.answer(),
                    named.source() + " (" + named.date() + ")"));
        }
        return text(lines);
    }

    private String page(Framework framework) {
        List<String> lines = new ArrayList<>(List.of(
                "# " + framework.title(),
                "",
                framework.publisher() + ", " + framework.date() + ", version " + framework.version()
                        + ". Numbers checked on " + framework.checkedOn() + " against " + framework.checkedAgainst()
                        + ".",
                "",
                "Of " + framework.controls().size() + " controls, " + framework.count(Framework.Answer.RULES)
                        + " are answered by rules alone, " + framework.count(Framework.Answer.BOTH)
                        + " by rules for a part and a person for the rest, " + framework.count(Framework.Answer.PERSON)
                        + " by a person alone."));
        for (Framework.Control control : framework.controls()) {
            lines.addAll(
                    List.of("", "## " + control.id(), "", control.title() + ". Answered by " + control.answer() + "."));
            if (!control.rules().isEmpty()) {
                lines.add("");
                control.rules()
                        .forEach(name -> lines.add("- "
                                + catalogue
                                        .rule(name)
                                        .map(rule -> link(name, "../" + path(rule)) + ": " + rule.title())
                                        .orElse(name)));
            }
            control.person().ifPresent(person -> {
                lines.add("");
                lines.add("A person supplies: " + person + ". "
                        + control.attach()
                                .map(where -> "It is attached to " + where + ".")
                                .orElse(""));
            });
        }
        return text(lines);
    }

    /** The anchor that readers of Markdown make of a heading. */
    private static String anchor(String heading) {
        return "#"
                + heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
    }

    private static String link(String text, String to) {
        return "[" + cell(text) + "](" + to + ")";
    }

    private static String row(Object... cells) {
        StringBuilder row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ')
                    .append(cell instanceof String text && text.startsWith("[") ? text : cell(cell))
                    .append(" |");
        }
        return row.toString();
    }

    /** A bar would end the cell. */
    private static String cell(Object content) {
        return content.toString().replace("|", "\\|").replaceAll("\\s+", " ").strip();
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
