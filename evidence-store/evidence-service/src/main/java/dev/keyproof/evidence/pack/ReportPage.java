package dev.keyproof.evidence.pack;

import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.OscalResults;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.RetentionClasses;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.SingleRecords;
import dev.keyproof.verify.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code report.html}: a pack for people, on a screen and on paper. It needs no script and loads nothing. It proves nothing itself:
 * what it says is linked to the file, and where there is one to the entry, that says it.
 */
final class ReportPage {
    static final String NAME = "report.html";

    private static final String BEGIN = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            """;

    private static final String STYLE = """
            <style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem;color:#1b1f24}
            h1{font-size:1.5rem;font-weight:600}h2{font-size:1.2rem;font-weight:600;margin-top:2.5rem}
            table{border-collapse:collapse;width:100%;margin:1rem 0}thead{display:table-header-group}tr{break-inside:avoid}
            th,td{border-top:1px solid #d8dee4;padding:.35rem .75rem .35rem 0;vertical-align:top;text-align:left;overflow-wrap:anywhere}
            th{font-weight:600;font-size:.85rem;border-top:0;overflow-wrap:normal}.n{text-align:right}.t{white-space:nowrap}
            .facts td:first-child{color:#57606a;width:11rem}code{font-size:.85rem}
            a{color:#0b57a4}svg{vertical-align:middle}.defs{position:absolute}.key{margin-right:1rem;white-space:nowrap}
            section{border-top:2px solid #1b1f24;margin-top:3rem}
            @page{margin:16mm}
            @media print{body{font-size:10pt;max-width:none;margin:0;padding:0;color:black}a{color:black}
            section{break-before:page;border-top:0;margin-top:0}h2{break-after:avoid}.back{display:none}}
            </style></head><body>
            <h1 id="top">Evidence pack</h1>
            <p>This page is for reading. The proof is in the files beside it: see <a href="VERIFY.md">VERIFY.md</a> and
            <a href="NOT-PROVEN.md">NOT-PROVEN.md</a>. Links lead to these files once the pack is unzipped. To see a record that is
            in one of the files under <code>log/</code>, give its number to <a href="verify.html">verify.html</a>.</p>
            """;

    private final Scope scope;
    private final PackAssembly.Facts facts;
    private final Optional<WitnessPolicy> witnesses;
    private final PackContents contents;
    private final SignedHead newest;

    ReportPage(Scope scope, PackAssembly.Facts facts, Optional<WitnessPolicy> witnesses) {
        this.scope = scope;
        this.facts = facts;
        this.witnesses = witnesses;
        this.contents = facts.contents();
        this.newest = head(lastYear()).signed();
    }

    byte[] bytes() {
        ControlSections controls = new ControlSections(facts.report(), titles());
        StringBuilder html = new StringBuilder();
        html.append(BEGIN)
                .append("<title>Evidence pack ")
                .append(Html.text(newest.checkpoint().origin()))
                .append("</title>\n")
                .append(STYLE);
        html.append("<table class=facts><tbody>\n");
        row(html, "Scope", scope());
        facts.heads().forEach((year, head) -> row(html, "Log of " + year, log(year, head)));
        row(html, "Entries", entries());
        row(html, "Decisions", Html.number(contents.decisions()) + policies());
        row(html, "Findings", findings());
        row(html, "Keys", Html.number(contents.keys()) + (contents.keys() == 0 ? "" : ", one file each in keys/"));
        row(html, "Legal holds", holds());
        row(html, "Retention", retention());
        row(html, "Time", time());
        row(html, "Witnesses", witnesses());
        html.append("</tbody></table>\n");
        html.append(controls.overview());
        html.append(new PopulationSection(facts.population()).html());
        html.append(operations());
        html.append(controls.pages());
        html.append("</body></html>\n");
        return html.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void row(StringBuilder html, String name, String safe) {
        html.append("<tr><td>").append(name).append("</td><td>").append(safe).append("</td></tr>\n");
    }

    private int lastYear() {
        return scope.parts().getLast().year();
    }

    private PackHeads.Head head(int year) {
        return Objects.requireNonNull(facts.heads().get(year));
    }

    private String scope() {
        List<String> parts = new ArrayList<>();
        for (Scope.Part part : scope.parts()) {
            long size = head(part.year()).signed().size();
            parts.add("entries " + part.from() + " to " + (part.end(size) - 1)
                    + (scope.parts().size() > 1 ? " of " + part.year() : ""));
        }
        return scope.subject()
                        .map(subject -> "single records of the "
                                + subject.kind().word() + " " + Html.text(subject.id()) + ", of ")
                        .orElse("")
                + String.join(", ", parts)
                + scope.period()
                        .map(period -> ", the time from " + period.since()
                                + period.until().map(end -> " to " + end).orElse(" on"))
                        .orElse("")
                + scope.framework()
                        .map(framework -> "; results on controls of " + Html.text(framework))
                        .orElse("");
    }

    private static String log(int year, PackHeads.Head head) {
        return "<code>" + Html.text(head.signed().checkpoint().origin()) + "</code>, "
                + Html.number(head.signed().size()) + " entries, root <code>"
                + head.signed().checkpoint().root().base64() + "</code>: "
                + Html.link("log/" + year + "/checkpoint", "checkpoint");
    }

    private String entries() {
        return Html.number(contents.entries()) + " of the scope"
                + (contents.supporting() == 0
                        ? ""
                        : "; " + Html.number(contents.supporting()) + " more that these need: "
                                + Html.link(SingleRecords.NAME, SingleRecords.NAME))
                + (contents.notUnderstood() == 0
                        ? ""
                        : "; not understood: "
                                + Html.link(PackContents.NOT_UNDERSTOOD, Html.number(contents.notUnderstood())));
    }

    private String policies() {
        return facts.policies().digests().stream()
                .map(digest -> digest.substring(digest.indexOf(':') + 1))
                .map(hex -> Html.link("policy/" + hex + ".tar.gz", hex.substring(0, 12)))
                .collect(Collectors.joining(
                        ", ", facts.policies().digests().isEmpty() ? "" : ", by the policies and data of ", ""));
    }

    private String findings() {
        Collection<Map<Outcome, Long>> standing = facts.report().standing().values();
        return Html.link(PackContents.FINDINGS, Html.number(contents.findings()))
                + (facts.observations() == 0 ? "" : ", of them " + Html.number(facts.observations()) + " on compliance")
                + (facts.population().controls().isEmpty()
                        ? ""
                        : ": " + Html.link(OscalResults.NAME, "results in OSCAL"))
                + (facts.population().controls().stream()
                                .allMatch(control -> control.stated().isEmpty())
                        ? ""
                        : ", " + Html.link(OscalResults.ASSESSMENT_PLAN, "what was to be assessed in OSCAL"))
                + (standing.stream().anyMatch(counts -> counts.containsKey(Outcome.FAIL))
                        ? ", " + Html.link(OscalResults.PLAN, "what fails in OSCAL")
                        : "");
    }

    private String holds() {
        return contents.holds().isEmpty()
                ? "none in force by these entries"
                : contents.holds().stream()
                        .map(hold -> Html.text(hold.hold()) + ": the logs of " + hold.fromYear() + " to "
                                + hold.toYear() + (hold.approved() ? "" : ", without a sound approval") + ", by "
                                + Html.link(PackContents.HOLDS, "entry " + hold.index() + " of " + hold.log()))
                        .collect(Collectors.joining("<br>"));
    }

    private Map<String, String> titles() {
        Map<String, String> titles = new HashMap<>();
        PolicyBundle.controls(facts.policies().bundles())
                .forEach((control, stated) -> titles.put(control, stated.title()));
        return titles;
    }

    private String retention() {
        return facts.retention()
                .map(said -> said.classes().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(kind -> Html.text(kind.getKey()) + " "
                                        + Html.count(kind.getValue().months(), "month") + " (at hand "
                                        + kind.getValue().atHandMonths() + ")")
                                .collect(Collectors.joining(", "))
                        + ": " + Html.link(RetentionClasses.NAME, "by policy"))
                .orElse("no policy in this pack says");
    }

    private String time() {
        return head(lastYear()).stamped() == null
                ? "no time token"
                : Html.link("time/" + lastYear() + ".tsr", "time token") + " over the checkpoint";
    }

    private String witnesses() {
        List<String> names = newest.note().signatures().stream()
                .map(NoteSignature::name)
                .filter(name -> !name.equals(newest.checkpoint().origin()))
                .distinct()
                .toList();
        return (names.isEmpty()
                        ? "no cosignature"
                        : "cosignatures of "
                                + names.stream().map(Html::text).collect(Collectors.joining(", "))
                                + " on the " + Html.link("log/" + lastYear() + "/checkpoint", "checkpoint"))
                + witnesses
                        .map(policy -> "; the trust file asks for " + policy.quorum() + " of "
                                + policy.witnesses().size())
                        .orElse("; the trust file asks for none");
    }

    private String operations() {
        ReportEntries entries = facts.report();
        return "<h2>Operations</h2>\n"
                + (entries.days().isEmpty()
                        ? "<p>No entry of the scope is an operation with a time.</p>\n"
                        : "<p>Records of calls, by the time that each states.</p>\n"
                                + Charts.operations(entries.days()))
                + (entries.undated() == 0
                        ? ""
                        : "<p>" + Html.count(entries.undated(), "operation") + " without a time.</p>\n");
    }
}
