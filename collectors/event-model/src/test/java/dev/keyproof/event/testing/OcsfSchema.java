package dev.keyproof.event.testing;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds events against the OCSF 1.8.0 schemas that lie beside this class. Unknown attributes are violations. Thread-safe;
 * the schemas are compiled once in a process.
 */
public final class OcsfSchema {
    private static final Pattern CLASS_UID = Pattern.compile("\"class_uid\"\\s*:\\s*(\\d+)");

    private OcsfSchema() {}

    /** What is wrong with the event by the schema of its {@code class_uid}, place first; empty if nothing is. */
    public static List<String> violations(byte[] event) {
        String json = new String(event, StandardCharsets.UTF_8);
        Optional<Schema> schema = Schemas.of(json);
        if (schema.isEmpty()) {
            return List.of("class_uid: none of " + Schemas.BY_CLASS.keySet());
        }
        return schema.get().validate(json, InputFormat.JSON).stream()
                .map(OcsfSchema::text)
                .toList();
    }

    private static String text(Error error) {
        return error.getInstanceLocation() + ": " + error.getMessage();
    }

    /** Compiled at first use. */
    private static final class Schemas {
        private static final Map<String, Schema> BY_CLASS = Map.of(
                "6003", load("api_activity"),
                "2003", load("compliance_finding"),
                "2004", load("detection_finding"));

        static Optional<Schema> of(String json) {
            // The class stands at the root; data of ours and of clouds does not carry a field of that name.
            Matcher matcher = CLASS_UID.matcher(json);
            return matcher.find() ? Optional.ofNullable(BY_CLASS.get(matcher.group(1))) : Optional.empty();
        }

        private static Schema load(String name) {
            String resource = "/ocsf-1.8.0/" + name + ".schema.json";
            try (InputStream in = OcsfSchema.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("no resource " + resource);
                }
                return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(in, InputFormat.JSON);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
