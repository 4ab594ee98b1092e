package dev.keyproof.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page of settings is what the code says: {@code -Dkeyproof.write-pages=true} writes it anew. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "CONFIGURATION.md");

    @Test
    void thePageSaysWhatTheCodeDoes() throws Exception {
        String page = page();
        if (Boolean.getBoolean("keyproof.write-pages")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("key-broker/CONFIGURATION.md is behind the code; run this test with -Dkeyproof.write-pages=true")
                .isEqualTo(page);
    }

    /** What the compiler wrote down of the records that settings are bound to. */
    private static JsonNode metadata() throws Exception {
        try (InputStream in =
                BrokerProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(in).isNotNull();
            return new ObjectMapper().readTree(in);
        }
    }

    private static String page() throws Exception {
        Map<String, JsonNode> settings = new TreeMap<>();
        for (JsonNode property : metadata().path("properties")) {
            if (property.path("name").asText().startsWith("keyproof.")) {
                settings.put(property.path("name").asText(), property);
            }
        }
        List<String> rows = new ArrayList<>();
        settings.values().forEach(property -> rows.add(row(property)));
        assertThat(settings.values())
                .as("settings that say nothing of themselves")
                .allSatisfy(property -> assertThat(property.path("description").asText())
                        .as(property.path("name").asText())
                        .isNotEmpty());
        return """
                # The broker's settings

                Made from the code by the build. A key that is not among these is refused, and so is a value out of its bounds, each in a
                line of its own at the start. Types and units are Spring Boot's: a `Duration` is `500ms`, `5s`, `10m`; lists are written in YAML or
                as `name[0]`. A secret in the configuration or on the command line is refused: it comes from a file that a setting names, from a
                folder of files (`spring.config.import: configtree:FOLDER/`), or from the environment.

                Besides these the broker takes what Spring Boot takes: `server.port` (18440), `server.address` (127.0.0.1),
                `server.ssl.*`, `spring.ssl.bundle.*`, `spring.datasource.url`, `spring.datasource.username`, `logging.*`.

                | key | type | default | what it is |
                |---|---|---|---|
                """ + String.join("\n", rows) + "\n";
    }

    private static String row(JsonNode property) {
        JsonNode value = property.path("defaultValue");
        String text = value.isMissingNode() || (value.isContainerNode() && value.isEmpty())
                ? ""
                : "`" + (value.isTextual() ? value.asText() : value.toString()) + "`";
        return "| `" + property.path("name").asText() + "` | "
                + type(property.path("type").asText()) + " | " + (text.equals("``") ? "" : text) + " | "
                + property.path("description")
                        .asText()
                        .replaceAll("\\{@code ([^{}]*(\\{[^{}]*})?[^{}]*)}", "`$1`")
                        .replace("|", "\\|")
                + " |";
    }

    private static String type(String name) {
        return name.replaceAll("[a-z0-9]+\\.", "")
                .replaceAll(".*\\$", "")
                .replace("<", " of ")
                .replace(">", "")
                .replace("BrokerProperties$", "");
    }
}
