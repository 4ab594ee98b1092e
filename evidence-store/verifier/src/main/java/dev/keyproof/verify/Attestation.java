package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An entry of the log's own: a head signed by a source covers its records {@code from} to {@code to}, exclusive, as they were sealed.
 *
 * @param source the part of Keyproof that signed, such as a broker
 * @param epoch of its journal
 */
public record Attestation(String source, String epoch, long from, long to) {
    private static final String FORM = "attestation/v1";

    /** Whatever does not hold this is something else, and need not be parsed. */
    private static final byte[] MARK = FORM.getBytes(StandardCharsets.US_ASCII);

    /** What an entry attests; empty if it is something else. */
    public static Optional<Attestation> of(byte[] entry) {
        return Marks.holds(entry, MARK) ? CanonicalJson.object(entry).flatMap(Attestation::of) : Optional.empty();
    }

    /** What an entry attests; empty if it is something else. */
    public static Optional<Attestation> of(JsonNode entry) {
        return entry.path("keyproof").asText().equals(FORM)
                        && entry.path("verdict").asText().equals("ok")
                        && entry.path("source").isTextual()
                        && entry.path("epoch").isTextual()
                        && entry.path("from").canConvertToLong()
                        && entry.path("to").canConvertToLong()
                ? Optional.of(new Attestation(
                        entry.path("source").asText(),
                        entry.path("epoch").asText(),
                        entry.path("from").asLong(),
                        entry.path("to").asLong()))
                : Optional.empty();
    }
}
