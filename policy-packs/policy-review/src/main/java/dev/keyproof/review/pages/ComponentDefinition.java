package dev.keyproof.review.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.NamedUuid;
import dev.keyproof.verify.Oscal;
import java.util.Comparator;

/**
 * What the packs answer of each framework, as an OSCAL 1.1.3 component definition: one component, an implementation for each framework, a
 * requirement for each control that rules answer for a part at least. What a person must supply stands in its remarks.
 */
public final class ComponentDefinition {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String COMPONENT = "component";

    private final Catalogue catalogue;

    public ComponentDefinition(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * The document, in canonical form.
     *
     * @param version of the packs
     */
    public byte[] bytes(String version) {
        ObjectNode document = JSON.objectNode();
        ObjectNode definition =
                document.putObject("component-definition").put("uuid", NamedUuid.of("component-definition"));
        definition
                .putObject("metadata")
                .put("title", "What Keyproof's policy packs answer of each framework")
                .put("last-modified", lastChecked() + "T00:00:00Z")
                .put("version", version)
                .put("oscal-version", "1.1.3");
        definition.putArray("components").add(component());
        ArrayNode resources = definition.putObject("back-matter").putArray("resources");
        catalogue.frameworks().forEach(framework -> resources.add(resource(framework)));
        return CanonicalJson.bytes(document);
    }

    /** The numbers of the controls are as good as they were when they were compared last. */
    private String lastChecked() {
        return catalogue.frameworks().stream()
                .map(Framework::checkedOn)
                .max(Comparator.naturalOrder())
                .orElse("1970-01-01");
    }

    private JsonNode component() {
        ObjectNode component = JSON.objectNode()
                .put("uuid", NamedUuid.of(COMPONENT))
                .put("type", "software")
                .put("title", "Keyproof")
                .put(
                        "description",
                        "Decides every operation on cryptographic keys by policy, evaluates rules on every key in stream, and seals both"
                                + " in a verifiable log.");
        ArrayNode props = component.putArray("props");
        for (Rule rule : catalogue.rules()) {
            // What is said of one rule is a group.
            property(props, rule, "Rule_Id", rule.name());
            property(props, rule, "Rule_Description", rule.title());
            property(props, rule, "Rule_Severity", rule.severity());
            property(props, rule, "Check_Id", rule.file());
        }
        ArrayNode implementations = JSON.arrayNode();
        catalogue.frameworks().stream()
                .filter(framework -> framework.controls().stream().anyMatch(ComponentDefinition::isImplemented))
                .forEach(framework -> implementations.add(implementation(framework)));
        if (!implementations.isEmpty()) {
            component.set("control-implementations", implementations);
        }
        return component;
    }

    private static void property(ArrayNode props, Rule rule, String name, String value) {
        props.addObject()
                .put("name", name)
                .put("ns", Oscal.NAMESPACE)
                .put("value", value)
                .put("group", Oscal.token(rule.name()));
    }

    private static boolean isImplemented(Framework.Control control) {
        return !control.rules().isEmpty();
    }

    private static JsonNode implementation(Framework framework) {
        ObjectNode implementation = JSON.objectNode()
                .put("uuid", NamedUuid.of("control-implementation", framework.name()))
                .put("source", "#" + NamedUuid.of("framework", framework.name()))
                .put(
                        "description",
                        "What rules answer of " + framework.title()
                                + ", as far as it asks for anything of keys and of the evidence of" + " their use.");
        ArrayNode requirements = implementation.putArray("implemented-requirements");
        framework.controls().stream()
                .filter(ComponentDefinition::isImplemented)
                .forEach(control -> requirements.add(requirement(framework, control)));
        return implementation;
    }

    private static JsonNode requirement(Framework framework, Framework.Control control) {
        String name = framework.name() + ":" + control.id();
        ObjectNode requirement = JSON.objectNode()
                .put("uuid", NamedUuid.of("requirement", name))
                .put("control-id", Oscal.token(name))
                .put("description", control.title() + ". Answered by " + control.answer() + ".");
        ArrayNode props = requirement.putArray("props");
        control.rules()
                .forEach(rule -> props.addObject()
                        .put("name", "Rule_Id")
                        .put("ns", Oscal.NAMESPACE)
                        .put("value", rule));
        control.person().ifPresent(person -> requirement.put("remarks", "A person supplies " + person + "."));
        return requirement;
    }

    private static JsonNode resource(Framework framework) {
        ObjectNode resource = JSON.objectNode()
                .put("uuid", NamedUuid.of("framework", framework.name()))
                .put("title", framework.title())
                .put(
                        "description",
                        framework.publisher() + ", " + framework.date() + ", version " + framework.version()
                                + ". Numbers checked on " + framework.checkedOn() + " against "
                                + framework.checkedAgainst() + ".");
        resource.putArray("rlinks").addObject().put("href", Pages.path(framework));
        return resource;
    }
}
