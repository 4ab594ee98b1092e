package dev.keyproof.broker.key;

import com.github.f4b6a3.ulid.Ulid;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What an encryption returns: 4 bytes magic {@code KPC1}, 16 bytes key id (the ULID's binary form), 4 bytes key version
 * (big-endian), then what the device made (IV of 12 bytes, ciphertext, tag of 16 bytes). The first 24 bytes and the JCS form
 * of the context are the associated data, so neither can be exchanged.
 *
 * @param sealed what the device made; not copied
 */
public record Ciphertext(String keyId, int version, byte[] sealed) {
    private static final byte[] MAGIC = "KPC1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 24;
    private static final int SMALLEST = HEADER + 12 + 16;

    /**
     * The parts of a ciphertext.
     *
     * @throws ProblemException {@link Problem#INVALID_INPUT} if the bytes are none
     */
    public static Ciphertext parse(byte[] bytes) throws ProblemException {
        if (bytes.length < SMALLEST || !Arrays.equals(bytes, 0, 4, MAGIC, 0, 4)) {
            throw new ProblemException(Problem.INVALID_INPUT, "ciphertext: is none of this broker's");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 4, 20);
        Ulid id = new Ulid(buffer.getLong(), buffer.getLong());
        return new Ciphertext(id.toString(), buffer.getInt(), Arrays.copyOfRange(bytes, HEADER, bytes.length));
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(HEADER + sealed.length)
                .put(header(keyId, version))
                .put(sealed)
                .array();
    }

    /** What encryption and decryption under that key version and context must agree on. */
    public static byte[] associatedData(String keyId, int version, Map<String, String> context)
            throws ProblemException {
        byte[] canonical = canonical(context);
        return ByteBuffer.allocate(HEADER + canonical.length)
                .put(header(keyId, version))
                .put(canonical)
                .array();
    }

    private static byte[] header(String keyId, int version) {
        Ulid id = Ulid.from(keyId);
        return ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(version)
                .array();
    }

    /** The JCS form (RFC 8785) of a context. */
    public static byte[] canonical(Map<String, String> context) throws ProblemException {
        if (context.isEmpty()) {
            return new byte[] {'{', '}'};
        }
        StringBuilder json = new StringBuilder("{");
        context.forEach((name, value) -> {
            if (json.length() > 1) {
                json.append(',');
            }
            quote(json, name);
            json.append(':');
            quote(json, value);
        });
        try {
            return new JsonCanonicalizer(json.append('}').toString()).getEncodedUTF8();
        } catch (IOException e) {
            throw new ProblemException(Problem.INVALID_INPUT, "context: has no canonical form", e);
        }
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < 0x20) {
                json.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
