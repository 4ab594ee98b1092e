package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The packs with an installation's overlays merged over their parameters in order: one bundle, policy and data, which every part loads.
 * The same packs and overlays give the same bytes. {@code origins.json} in it says of each value which file it comes from.
 *
 * @param bundle unsigned; see {@link BundleSigner}
 * @param values every value in force, sorted by path
 */
public record EffectivePolicy(PolicyBundle bundle, List<Value> values) {
    /** The origin of what no overlay says. */
    public static final String PACKS = "packs";

    private static final String ORIGINS = "origins.json";

    public EffectivePolicy {
        values = List.copyOf(values);
    }

    /**
     * A value in force. Lists are values; they are not merged.
     *
     * @param path JSON pointer below the parameters
     * @param origin name of an overlay, or {@link #PACKS}
     */
    public record Value(String path, JsonNode value, String origin) {}

    /**
     * Merges.
     *
     * @throws PolicyException when what comes out is out of the bounds that the packs set
     */
    public static EffectivePolicy of(PolicyBundle packs, List<Overlay> overlays) throws PolicyException {
        JsonNode data = packs.data();
        if (!(data.at("/keyproof/parameters") instanceof ObjectNode parameters)) {
            throw new PolicyException("policy bundle has no parameters (data.keyproof.parameters)");
        }
        overlays.forEach(overlay -> merge(parameters, overlay.patch()));
        try {
            Parameters.check(data, data.at("/keyproof/schemas/parameters"));
        } catch (PolicyException e) {
            String names =
                    String.join(", ", overlays.stream().map(Overlay::name).toList());
            throw new PolicyException(e.getMessage() + (names.isEmpty() ? "" : "; overlays: " + names), e);
        }
        TreeMap<String, JsonNode> leaves = new TreeMap<>();
        leaves(parameters, "", leaves);
        List<Value> values = new ArrayList<>();
        leaves.forEach((path, value) -> values.add(new Value(path, value, origin(path, overlays))));
        try {
            TreeMap<String, byte[]> files = new TreeMap<>(TarReader.files(packs.bytes()));
            files.remove(BundleSignature.FILE);
            files.put("data.json", Digests.canonical(data));
            files.put(ORIGINS, Digests.canonical(origins(packs, overlays, values)));
            return new EffectivePolicy(PolicyBundle.of(TarWriter.archive(files)), values);
        } catch (IOException e) {
            throw new PolicyException("policy bundle cannot be packed anew: " + e.getMessage(), e);
        }
    }

    /** RFC 7396. */
    private static void merge(ObjectNode into, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            if (field.getValue().isNull()) {
                into.remove(name);
            } else if (field.getValue() instanceof ObjectNode object) {
                merge(into.get(name) instanceof ObjectNode known ? known : into.putObject(name), object);
            } else {
                into.set(name, field.getValue().deepCopy());
            }
        }
    }

    /** What is no object, or an empty one, by its path. */
    private static void leaves(JsonNode node, String path, Map<String, JsonNode> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(field -> leaves(
                            field.getValue(),
                            path + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                            leaves));
        } else {
            leaves.put(path, node);
        }
    }

    /** The last that says something there: what an earlier one said is gone, and had a later one taken it away, it would not be there. */
    private static String origin(String path, List<Overlay> overlays) {
        for (int i = overlays.size() - 1; i >= 0; i--) {
            if (!overlays.get(i).patch().at(path).isMissingNode()) {
                return overlays.get(i).name();
            }
        }
        return PACKS;
    }

    private static ObjectNode origins(PolicyBundle packs, List<Overlay> overlays, List<Value> values) {
        ObjectNode origins = JsonNodeFactory.instance.objectNode().put(PACKS, packs.digest());
        for (Overlay overlay : overlays) {
            origins.withArray("/overlays")
                    .addObject()
                    .put("name", overlay.name())
                    .put("digest", overlay.digest());
        }
        ObjectNode paths = origins.putObject("values");
        values.forEach(value -> paths.put(value.path(), value.origin()));
        return origins;
    }
}
