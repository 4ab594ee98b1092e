package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the results in OSCAL say of one control. */
final class OscalFinding {
    private OscalFinding() {}

    /** Of a control that sealed findings name; {@code verdicts} are the newest, at least one. */
    static ObjectNode of(OscalResults.Named named, String control, List<Observed> verdicts) {
        boolean failed = verdicts.stream().anyMatch(one -> one.verdict().equals("FAIL"));
        boolean open = verdicts.stream().anyMatch(one -> one.verdict().equals("NOT-EVALUATED"));
        boolean passed = verdicts.stream().anyMatch(one -> one.verdict().equals("PASS"));
        ObjectNode json = titled(named, control, described(verdicts));
        return concluded(json, control, verdicts, passed && !failed && !open, failed);
    }

    /** Of a control with the keys that it could have been judged on; {@code verdicts} are the newest, if there are any. */
    static ObjectNode of(OscalResults.Named named, Population.OfControl counted, List<Observed> verdicts) {
        String person = counted.stated()
                .flatMap(PolicyBundle.Control::person)
                .map(what -> " A person must answer for it: " + what + ".")
                .orElse("");
        ObjectNode json = titled(
                named,
                counted.control(),
                (verdicts.isEmpty() ? "No verdict on any key is in here." : described(verdicts)) + person);
        ArrayNode props = json.putArray("props");
        Oscal.property(props, "keys-in-scope", Long.toString(counted.inScope()));
        Oscal.property(props, "keys-evaluated", Long.toString(counted.evaluated()));
        for (Population.Standing one : Population.Standing.values()) {
            Oscal.property(props, one.word(), Long.toString(counted.count(one)));
        }
        Population.Standing standing = counted.standing();
        return concluded(
                json,
                counted.control(),
                verdicts,
                standing == Population.Standing.PASS,
                standing == Population.Standing.FAIL);
    }

    private static String described(List<Observed> verdicts) {
        return "The latest verdicts of "
                + verdicts.stream().map(Observed::rule).distinct().count()
                + " rules on "
                + verdicts.stream().map(Observed::key).distinct().count()
                + " keys. Rules answer for a part of a control; what a person must answer is not in here.";
    }

    private static ObjectNode titled(OscalResults.Named named, String control, String description) {
        return CanonicalJson.MAPPER
                .createObjectNode()
                .put("uuid", named.uuid("finding", control))
                .put("title", control)
                .put("description", description);
    }

    private static ObjectNode concluded(
            ObjectNode json, String control, List<Observed> verdicts, boolean satisfied, boolean failed) {
        ObjectNode target = json.putObject("target");
        target.put("type", "statement-id").put("target-id", Oscal.token(control) + "_smt");
        target.putObject("status")
                .put("state", satisfied ? "satisfied" : "not-satisfied")
                .put("reason", satisfied ? "pass" : failed ? "fail" : "other");
        if (!verdicts.isEmpty()) {
            ArrayNode related = json.putArray("related-observations");
            verdicts.forEach(one -> related.addObject().put("observation-uuid", one.uuid()));
        }
        return json;
    }
}
