package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.stream.Collectors;

/** Holds the data's parameters against the schema that the same bundle carries: no quorum below 1, no endless period. */
final class Parameters {
    private static final int FAULTS_SHOWN = 3;

    private Parameters() {}

    /** @throws PolicyException when the parameters are out of bounds, or no bounds are given */
    static void check(JsonNode data, JsonNode schema) throws PolicyException {
        JsonNode parameters = data.path("keyproof").path("parameters");
        if (!schema.isObject()) {
            throw new PolicyException(
                    "policy bundle has no schema for its parameters (data.keyproof.schemas.parameters)");
        }
        try {
            Schema bounds = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(schema.toString(), InputFormat.JSON);
            String faults = bounds.validate(parameters.toString(), InputFormat.JSON).stream()
                    .limit(FAULTS_SHOWN)
                    .map(Parameters::text)
                    .collect(Collectors.joining("; "));
            if (!faults.isEmpty()) {
                throw new PolicyException("policy parameters are out of bounds: " + faults);
            }
        } catch (SchemaException e) {
            throw new PolicyException("policy bundle's schema for its parameters is none: " + e.getMessage(), e);
        }
    }

    /** What the schema does not know is named by its path, as it is where values are listed. */
    private static String text(Error fault) {
        return "additionalProperties".equals(fault.getKeyword()) && fault.getProperty() != null
                ? fault.getInstanceLocation() + "/" + fault.getProperty() + " is no parameter"
                : fault.toString();
    }
}
