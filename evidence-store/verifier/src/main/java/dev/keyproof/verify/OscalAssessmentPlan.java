package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code results/oscal/assessment-plan.json}: which rules the policies in a pack ask of every key, and which controls they answer, as an
 * OSCAL 1.1.3 assessment plan. One activity for each rule; controls that a person must answer are reviewed and have none.
 */
final class OscalAssessmentPlan {
    private OscalAssessmentPlan() {}

    /** {@code metadata} is that of the results, {@code controls} are those of the policies by their names, at least one. */
    static byte[] document(
            OscalResults.Named named,
            ObjectNode metadata,
            List<String> policies,
            SortedMap<String, PolicyBundle.Control> controls) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        ObjectNode plan = json.putObject("assessment-plan");
        plan.put("uuid", named.uuid("assessment-plan"));
        plan.set(
                "metadata", metadata.deepCopy().put("title", "Rules in force where " + named.origin() + " was sealed"));
        String none = named.uuid("system-security-plan");
        plan.putObject("import-ssp").put("href", "#" + none);
        SortedMap<String, SortedSet<String>> rules = rules(controls);
        if (!rules.isEmpty()) {
            ArrayNode activities = plan.putObject("local-definitions").putArray("activities");
            rules.forEach((rule, answered) -> activities.add(activity(named, rule, answered)));
        }
        plan.set("reviewed-controls", Oscal.reviewed(controls.keySet(), "that a policy in this pack states"));
        plan.putArray("assessment-subjects").add(everyKey());
        if (!rules.isEmpty()) {
            ObjectNode task = plan.putArray("tasks")
                    .addObject()
                    .put("uuid", named.uuid("task"))
                    .put("type", "action")
                    .put("title", "Evaluate the rules on every change of a key's state");
            ArrayNode associated = task.putArray("associated-activities");
            rules.keySet()
                    .forEach(rule -> associated
                            .addObject()
                            .put("activity-uuid", named.uuid("activity", rule))
                            .putArray("subjects")
                            .add(everyKey()));
        }
        ArrayNode resources = plan.putObject("back-matter").putArray("resources");
        resources
                .addObject()
                .put("uuid", none)
                .put("title", "No system security plan")
                .put(
                        "description",
                        "What the system is, and who answers for it, is not for a log to say. There is no such plan in OSCAL: the"
                                + " link leads back here.")
                .putArray("rlinks")
                .addObject()
                .put("href", Oscal.fileName(OscalResults.ASSESSMENT_PLAN));
        Oscal.policies(resources, policies);
        return CanonicalJson.bytes(json);
    }

    /** The names of the controls that each rule answers for a part. */
    private static SortedMap<String, SortedSet<String>> rules(SortedMap<String, PolicyBundle.Control> controls) {
        TreeMap<String, SortedSet<String>> rules = new TreeMap<>();
        controls.forEach((name, control) -> control.rules()
                .forEach(rule ->
                        rules.computeIfAbsent(rule, key -> new TreeSet<>()).add(name)));
        return rules;
    }

    private static ObjectNode activity(OscalResults.Named named, String rule, SortedSet<String> answered) {
        ObjectNode activity = CanonicalJson.MAPPER
                .createObjectNode()
                .put("uuid", named.uuid("activity", rule))
                .put("title", "Rule " + rule)
                .put(
                        "description",
                        "Evaluates the rule on the key's attributes as the device told them. Its Rego source is in the policy bundles of"
                                + " this pack.");
        ArrayNode props = activity.putArray("props");
        props.addObject().put("name", "method").put("value", "TEST");
        Oscal.property(props, "rule", rule);
        activity.set("related-controls", Oscal.reviewed(answered, "that the rule answers for a part"));
        return activity;
    }

    private static ObjectNode everyKey() {
        ObjectNode subject = CanonicalJson.MAPPER.createObjectNode().put("type", "inventory-item");
        subject.putObject("include-all");
        return subject;
    }
}
