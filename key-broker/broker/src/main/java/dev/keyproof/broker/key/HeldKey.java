package dev.keyproof.broker.key;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A key and its document as JSON, made once since every decision reads it.
 *
 * @param document shared by many threads and never changed
 */
public record HeldKey(Key key, ObjectNode document) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static HeldKey of(Key key) {
        return new HeldKey(key, json(key));
    }

    /** An empty JSON object. */
    public static ObjectNode node() {
        return JSON.createObjectNode();
    }

    /** The key's document as JSON. */
    public static ObjectNode json(Key key) {
        return JSON.valueToTree(key.document());
    }
}
