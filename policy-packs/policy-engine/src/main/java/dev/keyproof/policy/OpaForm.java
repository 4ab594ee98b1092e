package dev.keyproof.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The form of a JSON document that {@code opa} takes the digest of when it signs a bundle: without white space, names sorted by their
 * bytes, numbers as they are written, strings as Go writes them.
 */
final class OpaForm {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int DEEPEST = 100;

    private OpaForm() {}

    /** @throws IOException when it is not one JSON document, or a name stands twice in an object */
    static byte[] of(byte[] document) throws IOException {
        try (JsonParser parser = JSON.createParser(document)) {
            parser.nextToken();
            String form = value(parser, 0);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON document");
            }
            return form.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String value(JsonParser parser, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null || depth > DEEPEST) {
            throw new IOException("no whole JSON document, or one too deep");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, depth);
            case START_ARRAY -> array(parser, depth);
            case VALUE_STRING -> string(parser.getText());
            default -> parser.getText();
        };
    }

    private static String object(JsonParser parser, int depth) throws IOException {
        Map<byte[], String> fields = new TreeMap<>(Arrays::compareUnsigned);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name.getBytes(StandardCharsets.UTF_8), string(name) + ":" + value(parser, depth + 1));
        }
        return fields.values().stream().collect(Collectors.joining(",", "{", "}"));
    }

    private static String array(JsonParser parser, int depth) throws IOException {
        StringBuilder items = new StringBuilder("[");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.append(items.length() == 1 ? "" : ",").append(value(parser, depth + 1));
        }
        return items.append(']').toString();
    }

    private static String string(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\u2028', '\u2029' -> out.append(String.format("\\u%04x", (int) c));
                default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }
}
