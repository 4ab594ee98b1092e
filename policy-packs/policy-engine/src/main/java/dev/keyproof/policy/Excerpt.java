package dev.keyproof.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a JSON document no more than is asked of it, which takes a part of the time that all of it takes. What is left out is not in
 * the answer; of what is asked for its truth alone the kind is, and whether it is false.
 */
public final class Excerpt {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Asked root;

    private Excerpt(Asked root) {
        this.root = root;
    }

    /** What is asked at one place: the fields below it, the whole of it, or, where it is neither, whether it is there. */
    private static final class Asked {
        private final Map<String, Asked> fields = new HashMap<>();
        private boolean whole;

        Asked at(List<String> path) {
            Asked asked = this;
            for (String name : path) {
                asked = asked.fields.computeIfAbsent(name, none -> new Asked());
            }
            return asked;
        }
    }

    /** Collects what is asked. */
    public static final class Builder {
        private final Asked root = new Asked();

        /** Nothing so far. */
        public Builder() {}

        /** All that stands at that path. */
        public Builder whole(String... path) {
            root.at(List.of(path)).whole = true;
            return this;
        }

        /** What that policy can tell apart of an input at that path. */
        public Builder input(DecisionMemo policy, String... path) {
            for (Reads.Read read : policy.reads().all()) {
                read.given().forEach(needed -> root.at(below(path, needed)));
                Asked asked = root.at(below(path, read.place().path()));
                asked.whole |= !read.place().truth();
            }
            return this;
        }

        private static List<String> below(String[] path, List<String> more) {
            List<String> all = new ArrayList<>(List.of(path));
            all.addAll(more);
            return all;
        }

        public Excerpt build() {
            return new Excerpt(root);
        }
    }

    /**
     * What was asked of that document; a missing node for an empty one. Of a name that stands twice the last counts, as it does elsewhere.
     *
     * @throws IOException when it is no JSON
     */
    public JsonNode of(byte[] document) throws IOException {
        try (JsonParser parser = JSON.createParser(document)) {
            return parser.nextToken() == null ? MissingNode.getInstance() : value(parser, root);
        }
    }

    private static JsonNode value(JsonParser parser, Asked asked) throws IOException {
        JsonToken token = parser.currentToken();
        if (asked.whole) {
            return JSON.readTree(parser);
        } else if (token == JsonToken.START_OBJECT) {
            return object(parser, asked);
        } else if (token == JsonToken.START_ARRAY) {
            parser.skipChildren();
            return NODES.arrayNode(0);
        }
        return NODES.booleanNode(token != JsonToken.VALUE_FALSE);
    }

    private static JsonNode object(JsonParser parser, Asked asked) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            @Nullable Asked field = asked.fields.get(name);
            if (field == null) {
                parser.skipChildren();
            } else {
                object.set(name, value(parser, field));
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("JSON that ends too early");
        }
        return object;
    }
}
