package dev.keyproof.broker.ceremony;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What a ceremony leaves for everybody to see. Nothing in it is secret.
 *
 * @param id ULID of the ceremony
 * @param made RFC 3339 time in UTC
 * @param commitment what tells the root from every other secret; hex
 * @param threshold how many shares put it together
 * @param tokens the tokens it was imported into
 * @param entropy where its randomness came from
 */
public record Transcript(
        @JsonProperty(required = true) String id,
        @JsonProperty(required = true) String made,
        @JsonProperty(required = true) String commitment,
        @JsonProperty(required = true) int threshold,
        @JsonProperty(required = true) List<Held> shares,
        @JsonProperty(required = true) List<String> tokens,
        @JsonProperty(required = true) String entropy) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Transcript {
        shares = List.copyOf(shares);
        tokens = List.copyOf(tokens);
    }

    /**
     * Who holds which share.
     *
     * @param thumbprint of the key that it was encrypted to (RFC 7638)
     * @param digest of the share; hex
     */
    public record Held(
            @JsonProperty(required = true) int number,
            @JsonProperty(required = true) String custodian,
            @JsonProperty(required = true) String thumbprint,
            @JsonProperty(required = true) String digest) {}

    /** The JCS form (RFC 8785), which is what is kept and sealed. */
    public byte[] bytes() {
        try {
            return new JsonCanonicalizer(JSON.writeValueAsString(this)).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalStateException("a record of texts and numbers is always JSON", e);
        }
    }

    /**
     * Reads a transcript.
     *
     * @throws CeremonyException if the file is none
     */
    public static Transcript read(Path file) throws CeremonyException {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CeremonyException("the transcript " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Transcript parse(String json) throws CeremonyException {
        try {
            Transcript transcript = JSON.readValue(json, Transcript.class);
            if (transcript.threshold < 2 || transcript.threshold > transcript.shares.size()) {
                throw new CeremonyException("the transcript's threshold is not from 2 to the number of its shares");
            }
            return transcript;
        } catch (JsonProcessingException e) {
            throw new CeremonyException("this is not a ceremony's transcript", e);
        }
    }
}
