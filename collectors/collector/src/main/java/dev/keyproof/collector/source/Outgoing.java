package dev.keyproof.collector.source;

import java.util.Map;

/** One record on its way out. The bytes are not copied: whoever makes it gives them up. */
public record Outgoing(Topic topic, String key, byte[] value, Map<String, String> headers) {
    /** An event under the key that its order matters for. */
    public static Outgoing event(String key, byte[] bytes) {
        return new Outgoing(Topic.KEY_EVENTS, key, bytes, Map.of());
    }

    /** A signed head of a journal. */
    public static Outgoing attestation(String source, byte[] note) {
        return new Outgoing(Topic.ATTESTATIONS, source, note, Map.of());
    }

    /**
     * Original bytes that could not be taken.
     *
     * @param origin the source's name
     * @param place the file and the index or offset in it
     * @param time when we gave up on them, RFC 3339
     */
    public static Outgoing quarantined(String origin, String reason, String place, String time, byte[] bytes) {
        return new Outgoing(
                Topic.QUARANTINE,
                origin,
                bytes,
                Map.of("reason", reason, "origin", origin, "place", place, "time", time));
    }
}
