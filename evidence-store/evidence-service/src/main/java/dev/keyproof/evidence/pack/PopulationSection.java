package dev.keyproof.evidence.pack;

import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.Population;
import java.util.Optional;

/** The part of a report that says on how many keys each control could have been judged, and on how many it was. */
final class PopulationSection {
    private final Population population;

    PopulationSection(Population population) {
        this.population = population;
    }

    /** Whose title is shown beside a control's name; empty where no policy in the pack states the control. */
    static Optional<String> title(Optional<PolicyBundle.Control> stated) {
        return stated.map(PolicyBundle.Control::title).filter(title -> !title.isEmpty());
    }

    String html() {
        if (population.controls().isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder();
        html.append(
                        "<h2>Population</h2>\n<p>Each control of the frameworks in force, and on how many of the keys in scope its rules gave a"
                                + " verdict that is sealed here. A key that no verdict covers is NOT-EVALUATED, and so is a control that"
                                + " nobody evaluated: ")
                .append(Html.link(Population.NAME, Population.NAME))
                .append(
                        ".</p>\n<table><thead><tr><th>Control</th><th>Answered by</th><th class=n>Keys in scope</th><th class=n>Evaluated</th>");
        for (Outcome outcome : Outcome.values()) {
            html.append("<th class=n>").append(outcome.word()).append("</th>");
        }
        html.append("</tr></thead><tbody>\n");
        population.controls().forEach(control -> row(html, control));
        return html.append("</tbody></table>\n").toString();
    }

    private static void row(StringBuilder html, Population.OfControl control) {
        html.append("<tr><td>").append(Html.text(control.control()));
        title(control.stated()).ifPresent(title -> html.append("<br>").append(Html.text(title)));
        html.append("</td><td>")
                .append(control.stated().map(PopulationSection::answeredBy).orElse("rules that no policy here states"))
                .append("</td>");
        number(html, control.inScope());
        number(html, control.evaluated());
        for (Outcome outcome : Outcome.values()) {
            number(html, control.count(Population.Standing.valueOf(outcome.name())));
        }
        html.append("</tr>\n");
    }

    private static String answeredBy(PolicyBundle.Control stated) {
        String person =
                stated.person().map(what -> "a person: " + Html.text(what)).orElse("");
        return stated.rules().isEmpty()
                ? person
                : Html.count(stated.rules().size(), "rule") + (person.isEmpty() ? "" : ", " + person);
    }

    private static void number(StringBuilder html, long number) {
        html.append("<td class=n>").append(Html.number(number)).append("</td>");
    }
}
