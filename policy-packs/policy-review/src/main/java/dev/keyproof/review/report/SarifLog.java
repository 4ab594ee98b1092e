package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** One run in SARIF 2.1.0: what may be found, what was, and in which files of the repository. */
final class SarifLog {
    private static final String ROOT = "%SRCROOT%";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode json = JSON.createObjectNode()
            .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            .put("version", "2.1.0");
    private final ArrayNode rules;
    private final ArrayNode notes;
    private final ArrayNode results;

    SarifLog() {
        ObjectNode run = json.putArray("runs").addObject();
        rules = run.putObject("tool")
                .putObject("driver")
                .put("name", "keyproof policy review")
                .putArray("rules");
        run.putObject("originalUriBaseIds")
                .putObject(ROOT)
                .putObject("description")
                .put("text", "the root of the repository that the policy is in");
        notes = run.putArray("invocations")
                .addObject()
                .put("executionSuccessful", true)
                .putArray("toolExecutionNotifications");
        results = run.putArray("results");
    }

    void rule(String id, String text) {
        rules.addObject().put("id", id).putObject("shortDescription").put("text", text);
    }

    void note(String text) {
        notes.addObject().put("level", "note").putObject("message").put("text", text);
    }

    /**
     * Adds what was found.
     *
     * @param file its URI from the root
     * @param known with the rule, what it is known again by in the next run, however many it is of then
     */
    void result(String rule, String level, String text, String file, List<String> known) {
        ObjectNode result = results.addObject().put("ruleId", rule).put("level", level);
        result.putObject("message").put("text", text);
        ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
        place.putObject("artifactLocation").put("uri", file).put("uriBaseId", ROOT);
        place.putObject("region").put("startLine", 1);
        ArrayNode what = JSON.createArrayNode().add(rule);
        known.forEach(what::add);
        result.putObject("partialFingerprints").put("finding/v1", digest(what.toString()));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    String text() {
        return json.toPrettyString() + "\n";
    }
}
