package dev.keyproof.launcher.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many of each there are, each number counted by its own store; none is derived from another. Operations are this run's, all else
 * is what the stores hold.
 *
 * @param operations answers that the caller counted
 * @param journalled outcome records in the broker's journal
 * @param published the same in Kafka
 * @param sealed the same in the sealed log
 * @param indexed the same in OpenSearch
 */
public record Counts(
        long operations,
        long journalled,
        long published,
        long sealed,
        long indexed,
        Findings findings,
        Alerts alerts,
        Quarantined quarantined) {

    /** Findings, each once. */
    public record Findings(long kafka, long sealed, long indexed) {}

    /** Alerts, each once. */
    public record Alerts(long kafka, long indexed, long received) {}

    /** What could not be parsed. */
    public record Quarantined(long kafka, long sealed) {}

    /** What does not agree, one line each; empty when every number reconciles. */
    public List<String> disagreements() {
        List<String> lines = new ArrayList<>();
        if (operations == 0) {
            lines.add("no operation was answered");
        }
        Map<String, Long> stores = new LinkedHashMap<>();
        stores.put("in the journal", journalled);
        stores.put("in Kafka", published);
        stores.put("in the sealed log", sealed);
        stores.put("in OpenSearch", indexed);
        compare(lines, "operations", operations, "answered", stores);
        stores.clear();
        stores.put("in the sealed log", findings.sealed);
        stores.put("in OpenSearch", findings.indexed);
        compare(lines, "findings", findings.kafka, "in Kafka", stores);
        stores.clear();
        stores.put("in OpenSearch", alerts.indexed);
        stores.put("received by webhook", alerts.received);
        compare(lines, "alerts", alerts.kafka, "in Kafka", stores);
        stores.clear();
        stores.put("in the sealed log", quarantined.sealed);
        compare(lines, "quarantined", quarantined.kafka, "in Kafka", stores);
        return lines;
    }

    private static void compare(
            List<String> lines, String what, long expected, String where, Map<String, Long> stores) {
        stores.forEach((store, number) -> {
            if (number != expected) {
                lines.add(what + ": " + expected + " " + where + ", but " + number + " " + store);
            }
        });
    }
}
