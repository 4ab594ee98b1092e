package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code retention/classes.json}: how long sealed evidence is kept by the data sets in a pack, each for itself, and by all together. */
public final class RetentionClasses {
    /** Its name in the pack; there only if any data set says anything of it. */
    public static final String NAME = "retention/classes.json";

    private final TreeMap<String, PolicyBundle.Retention> byData = new TreeMap<>();

    /** Those of these bundles. */
    public RetentionClasses(List<PolicyBundle> policies) {
        for (PolicyBundle policy : policies) {
            if (policy.dataDigest() != null && policy.retention().isPresent()) {
                byData.put(policy.dataDigest(), policy.retention().get());
            }
        }
    }

    /** By all data sets together: the longest of each class. */
    public Optional<PolicyBundle.Retention> longest() {
        return byData.values().stream().reduce(PolicyBundle.Retention::and);
    }

    /** The document; empty where no data set says anything. */
    public Optional<byte[]> bytes() {
        return longest().map(all -> {
            ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
            ArrayNode sets = json.putArray("dataSets");
            byData.forEach((digest, said) -> sets.add(said(said).put("data", digest)));
            json.set("longest", said(all));
            return CanonicalJson.bytes(json);
        });
    }

    private static ObjectNode said(PolicyBundle.Retention retention) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode().put("noticeDays", retention.noticeDays());
        ObjectNode classes = json.putObject("classes");
        SortedMap<String, PolicyBundle.Kept> sorted = new TreeMap<>(retention.classes());
        sorted.forEach((kind, kept) ->
                classes.putObject(kind).put("months", kept.months()).put("atHandMonths", kept.atHandMonths()));
        return json;
    }
}
