package dev.keyproof.launcher.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The demonstration's end, for a person to read. */
public final class Story {
    private static final int LONGEST = 20;

    private final StringBuilder text = new StringBuilder();

    /** A heading. */
    public Story heading(String heading) {
        text.append('\n').append("  ").append(heading).append('\n');
        return this;
    }

    /** One line under a short name. */
    public Story line(String name, String value) {
        text.append(String.format(Locale.ROOT, "    %-13s %s%n", name, value));
        return this;
    }

    /** The counts as a table: what, and in which store how many. */
    public Story counts(Counts counts) {
        row("", "caller", "journal", "Kafka", "sealed log", "OpenSearch", "webhook");
        row(
                "operations",
                n(counts.operations()),
                n(counts.journalled()),
                n(counts.published()),
                n(counts.sealed()),
                n(counts.indexed()),
                "");
        row(
                "findings",
                "",
                "",
                n(counts.findings().kafka()),
                n(counts.findings().sealed()),
                n(counts.findings().indexed()),
                "");
        row(
                "alerts",
                "",
                "",
                n(counts.alerts().kafka()),
                "",
                n(counts.alerts().indexed()),
                n(counts.alerts().received()));
        row(
                "quarantined",
                "",
                "",
                n(counts.quarantined().kafka()),
                n(counts.quarantined().sealed()),
                "",
                "");
        return this;
    }

    private void row(String what, String... cells) {
        text.append(String.format(Locale.ROOT, "    %-13s", what));
        for (String cell : cells) {
            text.append(String.format(Locale.ROOT, " %11s", cell));
        }
        text.append('\n');
    }

    private static String n(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A key operation's event in a sentence, and what of it was decided. */
    public Story event(JsonNode event) {
        JsonNode keyproof = event.path("unmapped").path("keyproof");
        JsonNode decision = keyproof.path("decision");
        JsonNode key = event.path("resources").path(0);
        line(
                "what",
                event.path("activity_name").asText() + " with key "
                        + key.path("uid").asText() + ", version "
                        + key.path("version").asText("-"));
        line(
                "who, when",
                event.at("/actor/user/uid").asText() + ", " + at(event.path("time")) + ", "
                        + keyproof.path("duration_us").asText() + " us");
        line(
                "decided",
                (decision.path("allow").asBoolean() ? "allowed" : "denied") + " by policy "
                        + shortened(decision.path("policy").asText()) + ", with the whole input on the record");
        line(
                "place",
                "record " + event.at("/metadata/sequence").asText() + " of "
                        + event.at("/metadata/source").asText() + ", after record "
                        + shortened(keyproof.path("previous").asText()));
        return this;
    }

    /** A finding in a sentence. */
    public Story finding(JsonNode finding) {
        JsonNode info = finding.path("finding_info");
        line("what", info.path("title").asText() + verdict(finding));
        line("why", info.path("desc").asText());
        line("about", "key " + finding.at("/resources/0/uid").asText() + ", " + at(finding.path("time")));
        if (finding.path("compliance").has("requirements")) {
            List<String> controls = new ArrayList<>();
            finding.at("/compliance/requirements").forEach(control -> controls.add(control.asText()));
            line("asked for by", String.join(", ", controls));
        }
        line("uid", info.path("uid").asText());
        return this;
    }

    private static String verdict(JsonNode finding) {
        String status = finding.at("/compliance/status_code").asText();
        return status.isEmpty() ? "" : ": " + status;
    }

    private static String at(JsonNode millis) {
        return Instant.ofEpochMilli(millis.asLong()).toString();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
