package dev.keyproof.launcher.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The demonstration's end, for a person to read. */
public final class Story {
    private static final int LONGEST = 48;
    private static final int DEEPEST = 3;

    private final StringBuilder text = new StringBuilder();
    private final ObjectMapper mapper = new ObjectMapper();

    /** A heading. */
    public Story heading(String heading) {
        text.append('\n').append("  ").append(heading).append('\n');
        return this;
    }

    /** One line under a short name. */
    public Story line(String name, String value) {
        text.append(String.format(Locale.ROOT, "    %-13s %s%n", name, value));
        return this;
    }

    /** The counts as a table: what, and in which store how many. */
    public Story counts(Counts counts) {
        row("", "caller", "journal", "Kafka", "sealed log", "OpenSearch", "webhook");
        row(
                "operations",
                n(counts.operations()),
                n(counts.journalled()),
                n(counts.published()),
                n(counts.sealed()),
                n(counts.indexed()),
                "");
        row(
                "findings",
                "",
                "",
                n(counts.findings().kafka()),
                n(counts.findings().sealed()),
                n(counts.findings().indexed()),
                "");
        row(
                "alerts",
                "",
                "",
                n(counts.alerts().kafka()),
                "",
                n(counts.alerts().indexed()),
                n(counts.alerts().received()));
        row(
                "quarantined",
                "",
                "",
                n(counts.quarantined().kafka()),
                n(counts.quarantined().sealed()),
                "",
                "");
        return this;
    }

    private void row(String what, String... cells) {
        text.append(String.format(Locale.ROOT, "    %-13s", what));
        for (String cell : cells) {
            text.append(String.format(Locale.ROOT, " %11s", cell));
        }
        text.append('\n');
    }

    private static String n(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A document with only some of its fields, long values shortened. */
    public Story document(JsonNode document, List<String> fields) {
        ObjectNode shown = mapper.createObjectNode();
        for (String field : fields) {
            JsonNode value = document.path(field);
            if (!value.isMissingNode() && !value.isNull()) {
                shown.set(field, shortened(value, 1));
            }
        }
        try {
            mapper.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(shown)
                    .lines()
                    .forEach(line -> text.append("    ").append(line).append('\n'));
        } catch (JsonProcessingException e) {
            text.append("    ").append(shown).append('\n');
        }
        return this;
    }

    private JsonNode shortened(JsonNode node, int depth) {
        if (node instanceof ObjectNode object) {
            ObjectNode shown = mapper.createObjectNode();
            if (depth > DEEPEST && !object.isEmpty()) {
                return shown.put("...", object.size() + " more fields");
            }
            object.properties().forEach(field -> shown.set(field.getKey(), shortened(field.getValue(), depth + 1)));
            return shown;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode shown = mapper.createArrayNode();
            for (int i = 0; i < Math.min(2, array.size()); i++) {
                shown.add(shortened(array.get(i), depth + 1));
            }
            return shown;
        }
        return node.isTextual() && node.asText().length() > LONGEST
                ? mapper.getNodeFactory().textNode(node.asText().substring(0, LONGEST) + "...")
                : node;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
