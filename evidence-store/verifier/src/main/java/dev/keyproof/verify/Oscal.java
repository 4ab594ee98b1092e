package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;

/** What OSCAL documents have in common. */
public final class Oscal {
    /** Whose the properties are that OSCAL does not know. */
    public static final String NAMESPACE = "urn:keyproof:oscal";

    private Oscal() {}

    /** A selection of controls for each framework; {@code which} ends its description. */
    static ObjectNode reviewed(Iterable<String> controls, String which) {
        ObjectNode reviewed = JsonNodeFactory.instance.objectNode();
        TreeMap<String, ArrayNode> byFramework = new TreeMap<>();
        for (String control : controls) {
            byFramework
                    .computeIfAbsent(
                            control.substring(0, Math.max(0, control.indexOf(':'))),
                            framework -> JsonNodeFactory.instance.arrayNode())
                    .addObject()
                    .put("control-id", token(control));
        }
        ArrayNode selections = reviewed.putArray("control-selections");
        byFramework.forEach((framework, ids) -> selections
                .addObject()
                .put("description", "Controls of " + framework + " " + which)
                .set("include-controls", ids));
        return reviewed;
    }

    /** A property of ours, if there is anything to say. */
    static void property(ArrayNode props, String name, String value) {
        if (!value.isBlank()) {
            props.addObject().put("name", name).put("ns", NAMESPACE).put("value", value);
        }
    }

    /** The policy bundles of a pack, as resources; {@code policies} are their digests. */
    static void policies(ArrayNode resources, List<String> policies) {
        for (String policy : policies) {
            resources
                    .addObject()
                    .put("uuid", NamedUuid.of("policy", policy))
                    .put("title", "Policy bundle " + policy)
                    .putArray("rlinks")
                    .addObject()
                    .put("href", "../../policy/" + policy.substring(policy.indexOf(':') + 1) + ".tar.gz");
        }
    }

    /** An OSCAL token: letters, digits, dots, dashes and underscores. */
    public static String token(String control) {
        String token = control.replaceAll("[^\\p{L}\\p{N}._-]", "_");
        return Character.isLetter(token.charAt(0)) ? token : "_" + token;
    }

    static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
