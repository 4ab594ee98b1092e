package dev.keyproof.launcher.approve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.verify.CanonicalJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/** A request as its statement has it: that is what is signed, so that is what is shown. */
final class Request {
    private final JsonNode document;
    private final JsonNode stated;
    private final ObjectNode parameters;

    private Request(JsonNode document, JsonNode stated, ObjectNode parameters) {
        this.document = document;
        this.stated = stated;
        this.parameters = parameters;
    }

    /**
     * The request of that id.
     *
     * @throws LauncherException if its statement is another's, or is not made out to the parameters beside it
     */
    static Request of(String id, JsonNode document) throws LauncherException {
        try {
            JsonNode stated =
                    new ObjectMapper().readTree(document.path("statement").asText());
            if (stated.path("id").asText().equals(id)
                    && document.path("parameters") instanceof ObjectNode parameters
                    && stated.path("parameters").asText().equals(digest(parameters))) {
                return new Request(document, stated, parameters);
            }
        } catch (JsonProcessingException e) {
            throw new LauncherException("the request's statement is not JSON; do not approve it", e);
        }
        throw new LauncherException("the request is not what its statement says; do not approve it");
    }

    String statement() {
        return document.path("statement").asText();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "Operation", stated.path("operation").asText());
        line(
                text,
                "Key",
                stated.path("key").asText().isEmpty()
                        ? "none"
                        : stated.path("key").asText());
        line(text, "Parameters", parameters.isEmpty() ? "none" : parameters.toString());
        line(text, "Change", stated.path("change").asText());
        line(text, "Asked by", stated.path("requester").asText());
        line(text, "Expires", Instant.ofEpochSecond(stated.path("exp").asLong()).toString());
        line(text, "For", stated.path("aud").asText());
        line(
                text,
                "Approved",
                document.path("approvers").size() + " of "
                        + document.path("quorum").asInt() + " " + document.path("approvers"));
        line(text, "Statement", statement());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        // What a requester wrote moves no cursor and turns no line around.
        text.append(String.format(
                Locale.ROOT, "%-11s %s%n", name, value.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?")));
    }

    private static String digest(ObjectNode parameters) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(CanonicalJson.bytes(parameters)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
