package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code results/oscal/poam.json}: what is to be set right, as an OSCAL 1.1.3 plan of action and milestones. One item for each
 * control on which the newest verdict of a rule on a key is FAIL, with these as its observations; when and by whom is not for a log
 * to say. It follows from the same entries as the results do.
 */
final class OscalPlan {
    private static final String FAIL = "FAIL";

    private OscalPlan() {}

    /** {@code metadata} is that of the results; empty where nothing fails. */
    static Optional<byte[]> document(
            OscalResults.Named named, ObjectNode metadata, SortedMap<String, List<Observed>> controls, PackForm form) {
        TreeMap<String, List<Observed>> failed = new TreeMap<>();
        controls.forEach((control, newest) -> {
            List<Observed> failures =
                    newest.stream().filter(one -> one.verdict().equals(FAIL)).toList();
            if (!failures.isEmpty()) {
                failed.put(control, failures);
            }
        });
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        ObjectNode plan = json.putObject("plan-of-action-and-milestones");
        plan.put("uuid", named.uuid("plan-of-action-and-milestones"));
        plan.set("metadata", metadata.deepCopy().put("title", "Failures sealed in " + named.origin()));
        plan.putObject("system-id").put("identifier-type", "urn:keyproof:log").put("id", named.origin());
        List<Observed> observed =
                failed.values().stream().flatMap(List::stream).distinct().toList();
        SortedMap<String, String> items = OscalResults.items(observed);
        if (!items.isEmpty()) {
            plan.putObject("local-definitions").set("inventory-items", OscalResults.inventory(items));
        }
        ArrayNode observations = plan.putArray("observations");
        observed.forEach(one -> observations.add(OscalResults.observation(one, items, form.isComplete())));
        ArrayNode actions = plan.putArray("poam-items");
        failed.forEach((control, failures) -> actions.add(item(named, control, failures)));
        return Optional.of(CanonicalJson.bytes(json));
    }

    private static ObjectNode item(OscalResults.Named named, String control, List<Observed> failures) {
        TreeSet<String> rules = new TreeSet<>();
        TreeSet<String> keys = new TreeSet<>();
        failures.forEach(one -> {
            rules.add(one.rule());
            keys.add(one.key());
        });
        ObjectNode item = CanonicalJson.MAPPER.createObjectNode();
        item.put("uuid", named.uuid("poam-item", control));
        item.put("title", control);
        item.put(
                "description",
                "The latest verdict is FAIL: of " + rules.size() + " rules, on " + keys.size()
                        + " keys. Nothing here says what was done about it since.");
        ArrayNode related = item.putArray("related-observations");
        failures.forEach(one -> related.addObject().put("observation-uuid", one.uuid()));
        return item;
    }
}
