package dev.keyproof.verify.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import gov.nist.secauto.metaschema.core.configuration.DefaultConfiguration;
import gov.nist.secauto.metaschema.core.model.validation.IValidationResult;
import gov.nist.secauto.oscal.lib.OscalBindingContext;
import gov.nist.secauto.oscal.lib.model.AssessmentResults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds assessment results, their plan, what is to be set right, or a component definition against OSCAL 1.1.3 in three ways, for each misses
 * something: the constraints know no required fields and let dangling references pass, the schema knows no constraints.
 */
public final class TestingOscal {
    private static final Set<String> REFERENCES = Set.of("subject-uuid", "observation-uuid", "activity-uuid");

    private static final Set<String> LINKS = Set.of("href", "source");

    private TestingOscal() {}

    /** What is wrong with the document; the folder takes a copy for the library to read. */
    public static List<String> faults(byte[] document, Path dir) throws IOException {
        List<String> faults = new ArrayList<>(schema(document));
        if (faults.isEmpty()) {
            faults.addAll(constraints(document, dir));
        }
        JsonNode json = new ObjectMapper().readTree(document);
        Set<String> defined = new HashSet<>();
        define(json, defined, faults);
        refer(json, defined, faults);
        return faults;
    }

    private static List<String> schema(byte[] document) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        String model = Model.of(document).schema;
        try (InputStream in = Objects.requireNonNull(
                AssessmentResults.class.getResourceAsStream("/schema/json/oscal-" + model + "_schema.json"))) {
            JsonNode schema = mapper.readTree(in);
            // Each $id repeats the pointer that leads to it and an id or two went astray: the validator takes neither.
            dropIds(schema);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(mapper.writeValueAsString(schema), InputFormat.JSON)
                    .validate(new String(document, StandardCharsets.UTF_8), InputFormat.JSON)
                    .stream()
                    .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                    .toList();
        }
    }

    /** The kinds of documents that are written. */
    private enum Model {
        RESULTS("assessment-results", "ar", "assessment-results.json"),
        PLAN("assessment-plan", "ap", "assessment-plan.json"),
        COMPONENTS("component-definition", "component-definition", "component-definition.json"),
        ACTIONS("plan-of-action-and-milestones", "poam", "poam.json");

        private final String root;
        private final String schema;
        private final String file;

        Model(String root, String schema, String file) {
            this.root = root;
            this.schema = schema;
            this.file = file;
        }

        static Model of(byte[] document) throws IOException {
            JsonNode json = new ObjectMapper().readTree(document);
            return Stream.of(values())
                    .filter(model -> json.has(model.root))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void dropIds(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            object.remove("$id");
            object.properties().forEach(member -> {
                if (!member.getKey().equals("properties") && member.getValue() instanceof ObjectNode inner) {
                    inner.remove("id");
                }
            });
        }
        schema.forEach(TestingOscal::dropIds);
    }

    private static List<String> constraints(byte[] document, Path dir) throws IOException {
        // Results link to their plan, and where there is none to themselves, by name.
        Path file = Files.write(dir.resolve(Model.of(document).file), document);
        IValidationResult result =
                OscalBindingContext.newInstance().validateWithConstraints(file.toUri(), new DefaultConfiguration<>());
        return result.getFindings().stream()
                .map(finding -> finding.getSeverity() + " " + finding.getPath() + ": " + finding.getMessage())
                .toList();
    }

    private static void define(JsonNode json, Set<String> defined, List<String> faults) {
        if (json.path("uuid").isTextual() && !defined.add(json.path("uuid").asText())) {
            faults.add("two things are named " + json.path("uuid").asText());
        }
        json.forEach(child -> define(child, defined, faults));
    }

    private static void refer(JsonNode json, Set<String> defined, List<String> faults) {
        json.properties().forEach(field -> {
            String value = field.getValue().asText();
            boolean refers = REFERENCES.contains(field.getKey());
            boolean links = LINKS.contains(field.getKey()) && value.startsWith("#");
            if ((refers && !defined.contains(value)) || (links && !defined.contains(value.substring(1)))) {
                faults.add(field.getKey() + " refers to nothing: " + value);
            }
        });
        json.forEach(child -> refer(child, defined, faults));
    }
}
