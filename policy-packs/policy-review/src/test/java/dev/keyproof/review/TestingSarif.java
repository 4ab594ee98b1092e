package dev.keyproof.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reports for code scanning, held against the standard's own schema. */
final class TestingSarif {
    private TestingSarif() {}

    /** The one run of a report that is valid, and says of itself that it was made to the end. */
    static JsonNode run(String report) throws IOException {
        try (InputStream schema = Objects.requireNonNull(
                TestingSarif.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"), "the standard's schema")) {
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                            .getSchema(new String(schema.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON)
                            .validate(report, InputFormat.JSON))
                    .isEmpty();
        }
        JsonNode run = new ObjectMapper().readTree(report).at("/runs/0");
        assertThat(run.at("/invocations/0/executionSuccessful").asBoolean()).isTrue();
        return run;
    }
}
