package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The outcome of an attempt to change a key that policy permitted.
 *
 * @param operation its canonical name
 * @param began milliseconds since 1970
 * @param ended from when on everybody heard of it, milliseconds since 1970
 * @param before the state that policy decided on; empty where there was none
 * @param version the version of the key, 0 where none is told
 * @param intent uid of the intent that it completes; empty where there was none
 * @param code what went wrong; empty where nothing did
 * @param state the key afterwards; missing where the change failed
 * @param detail what else the record says
 */
public record KeyChange(
        String operation,
        long began,
        long ended,
        String before,
        int version,
        String intent,
        String code,
        JsonNode state,
        JsonNode detail) {

    /** What is nowhere. */
    public static final JsonNode NOTHING = MissingNode.getInstance();

    boolean done() {
        return state.isObject();
    }
}
