package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** Names of bytes and of JSON: {@code sha256:} and hex. JSON is named by its canonical form (RFC 8785). */
final class Digests {
    private Digests() {}

    static String of(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String of(JsonNode json) throws PolicyException {
        return of(canonical(json));
    }

    static byte[] canonical(JsonNode json) throws PolicyException {
        try {
            return new JsonCanonicalizer(json.toString()).getEncodedUTF8();
        } catch (IOException e) {
            throw new PolicyException("policy data cannot be put into canonical form: " + e.getMessage(), e);
        }
    }
}
