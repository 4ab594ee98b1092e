package dev.keyproof.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One panel: a Vega-Lite specification whose data is a search on one of our indices, in the form that OpenSearch Dashboards
 * reads ({@code data.url} with {@code %context%}, {@code %timefield%} and {@code %autointerval%}).
 */
public record Panel(String name, JsonNode specification) {

    public String title() {
        return specification.path("title").asText();
    }

    public String description() {
        return specification.path("description").asText();
    }

    /** The index or alias that the panel reads. */
    public String index() {
        return specification.path("data").path("url").path("index").asText();
    }

    /**
     * The panel's search for a time range, its placeholders resolved as OpenSearch Dashboards resolves them.
     *
     * @param fromMillis start, inclusive, milliseconds since the epoch
     * @param toMillis end, exclusive, milliseconds since the epoch
     */
    public ObjectNode search(long fromMillis, long toMillis) {
        if (toMillis <= fromMillis) {
            throw new IllegalArgumentException("a time range ends after it starts");
        }
        JsonNode url = specification.path("data").path("url");
        ObjectNode body = url.path("body").deepCopy();
        resolveInterval(body, TimeInterval.forRange(toMillis - fromMillis));
        if (url.path("%context%").asBoolean()) {
            ObjectNode query = body.objectNode();
            ObjectNode bool = query.putObject("bool");
            if (body.has("query")) {
                bool.putArray("must").add(body.get("query"));
            }
            bool.putArray("filter")
                    .addObject()
                    .putObject("range")
                    .putObject(url.path("%timefield%").asText())
                    .put("gte", fromMillis)
                    .put("lt", toMillis)
                    .put("format", "epoch_millis");
            body.set("query", query);
        }
        return body;
    }

    /** The specification with the answer of its search in place of the search. */
    public ObjectNode filled(JsonNode answer) {
        ObjectNode filled = specification.deepCopy();
        String property =
                specification.path("data").path("format").path("property").asText();
        JsonNode values = answer.at("/" + property.replace('.', '/'));
        ObjectNode data = filled.putObject("data");
        data.set("values", values.isMissingNode() ? filled.arrayNode() : values);
        return filled;
    }

    private static void resolveInterval(JsonNode node, TimeInterval interval) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(field -> {
                JsonNode child = object.get(field);
                if (child.path("%autointerval%").asBoolean()) {
                    object.put(field, interval.expression());
                } else {
                    resolveInterval(child, interval);
                }
            });
        } else {
            node.forEach(child -> resolveInterval(child, interval));
        }
    }
}
