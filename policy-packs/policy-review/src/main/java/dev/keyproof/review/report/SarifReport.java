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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A review for code scanning (SARIF 2.1.0): one result for each kind of flip, on the file of the policy that it hangs on. */
public final class SarifReport {
    private static final String ROOT = "%SRCROOT%";
    private static final ObjectMapper JSON = new ObjectMapper();

    private SarifReport() {}

    /** @param folder of the policy */
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
        rooted(run);
        ObjectNode invocation = run.putArray("invocations").addObject().put("executionSuccessful", true);
        ArrayNode notes = invocation.putArray("toolExecutionNotifications");
        review.unproven()
                .forEach(sentence -> notes.addObject()
                        .put("level", "note")
                        .putObject("message")
                        .put("text", "Not proven: " + sentence));
        ArrayNode results = run.putArray("results");
        PolicyFiles files = PolicyFiles.in(Path.of(folder));
        ReplayReport replay = review.replay();
        if (replay != null) {
            replay.flips().forEach(flip -> results.add(result(flip, files)));
        }
        StandingReport standing = review.standing();
        if (standing != null) {
            standing.changes().forEach(group -> results.add(result(group, files)));
        }
        return json.toPrettyString() + "\n";
    }

    /** Says from where places are named. */
    static void rooted(ObjectNode run) {
        run.putObject("originalUriBaseIds")
                .putObject(ROOT)
                .putObject("description")
                .put("text", "the root of the repository that the policy is in");
    }

    private static String id(Change change) {
        return "replay/" + Thresholds.name(change);
    }

    private static String id(VerdictChange change) {
        return "rules/" + Thresholds.name(change);
    }

    private static ObjectNode result(VerdictGroup group, PolicyFiles files) {
        VerdictGroup.Example first = group.examples().getFirst();
        ObjectNode result = JSON.createObjectNode()
                .put("ruleId", id(group.change()))
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
                        group.count() + " times, as of " + StandingMarkdown.named(first) + ", by " + group.rule() + ": "
                                + group.change().text() + " (" + StandingMarkdown.text(group.before(), group)
                                + " before, " + StandingMarkdown.text(group.after(), group) + " now)");
        at(result, files.ofRule(group.rule()));
        return known(
                result, id(group.change()), group.rule(), first.subject(), StandingMarkdown.text(group.after(), group));
    }

    private static ObjectNode result(FlipGroup flip, PolicyFiles files) {
        ObjectNode result = JSON.createObjectNode()
                .put("ruleId", id(flip.change()))
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
        at(result, files.ofAll());
        return known(result, id(flip.change()), flip.operation(), flip.actor(), flip.key());
    }

    static void at(ObjectNode result, String file) {
        ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
        place.putObject("artifactLocation").put("uri", file).put("uriBaseId", ROOT);
        place.putObject("region").put("startLine", 1);
    }

    /** What a finding is known again by in the next review, however many it is of then. */
    private static ObjectNode known(ObjectNode result, String... parts) {
        ArrayNode what = JSON.createArrayNode();
        List.of(parts).forEach(what::add);
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(what.toString().getBytes(StandardCharsets.UTF_8));
            result.putObject("partialFingerprints")
                    .put("finding/v1", HexFormat.of().formatHex(digest));
            return result;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
