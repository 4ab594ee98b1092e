package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;

/** A review for code scanning (SARIF 2.1.0): one result for each kind of flip, on the policy's folder. */
public final class SarifReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SarifReport() {}

    /** @param folder of the policy, from the repository's root */
    public static String of(Review review, String folder) {
        ObjectNode json = JSON.createObjectNode()
                .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                .put("version", "2.1.0");
        ObjectNode run = json.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver").put("name", "keyproof policy review");
        ArrayNode rules = driver.putArray("rules");
        for (Change change : Change.values()) {
            rules.addObject()
                    .put("id", id(change))
                    .putObject("shortDescription")
                    .put("text", change.text());
        }
        for (VerdictChange change : VerdictChange.values()) {
            rules.addObject()
                    .put("id", id(change))
                    .putObject("shortDescription")
                    .put("text", change.text());
        }
        ArrayNode results = run.putArray("results");
        if (!review.unproven().isEmpty()) {
            ArrayNode notes = run.putArray("invocations")
                    .addObject()
                    .put("executionSuccessful", true)
                    .putArray("toolExecutionNotifications");
            review.unproven()
                    .forEach(sentence -> notes.addObject()
                            .put("level", "note")
                            .putObject("message")
                            .put("text", "Not proven: " + sentence));
        }
        ReplayReport replay = review.replay();
        if (replay != null) {
            replay.flips().forEach(flip -> result(results.addObject(), flip, folder));
        }
        StandingReport standing = review.standing();
        if (standing != null) {
            standing.changes().forEach(group -> result(results.addObject(), group, folder));
        }
        return json.toPrettyString() + "\n";
    }

    private static String id(Change change) {
        return "replay/" + Thresholds.name(change);
    }

    private static String id(VerdictChange change) {
        return "rules/" + Thresholds.name(change);
    }

    private static void result(ObjectNode result, VerdictGroup group, String folder) {
        result.put("ruleId", id(group.change()))
                .put(
                        "level",
                        switch (group.change()) {
                            case EXCUSED, UNJUDGED -> "error";
                            case FAILING -> group.byLeave() ? "note" : "warning";
                            case REGRADED -> "note";
                        });
        result.putObject("message")
                .put(
                        "text",
                        group.count() + " times, as of "
                                + StandingMarkdown.named(group.examples().getFirst()) + ", by " + group.rule() + ": "
                                + group.change().text() + " (" + StandingMarkdown.text(group.before(), group)
                                + " before, "
                                + StandingMarkdown.text(group.after(), group) + " now)");
        at(result, folder);
    }

    private static void result(ObjectNode result, FlipGroup flip, String folder) {
        result.put("ruleId", id(flip.change()))
                .put(
                        "level",
                        switch (flip.change()) {
                            case OPENED, UNDECIDABLE -> "error";
                            case LOCKED -> "warning";
                            case REASONS -> "note";
                        });
        result.putObject("message")
                .put(
                        "text",
                        flip.count() + " past calls of " + flip.operation() + " by " + flip.actor()
                                + (flip.key().isEmpty() ? "" : " on " + flip.key()) + ": "
                                + flip.change().text()
                                + " (" + String.join(", ", flip.before()) + " before, "
                                + String.join(", ", flip.after()) + " now)");
        at(result, folder);
    }

    private static void at(ObjectNode result, String folder) {
        result.putArray("locations")
                .addObject()
                .putObject("physicalLocation")
                .putObject("artifactLocation")
                .put("uri", folder);
    }
}
