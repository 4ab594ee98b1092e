package dev.keyproof.verify;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.erdtman.jcs.JsonCanonicalizer;

/** JSON in its canonical form (RFC 8785). Thread-safe. */
public final class CanonicalJson {
    /** Deep enough for anything a pack holds, shallow enough for any stack. */
    private static final int DEEPEST = 64;

    static final ObjectMapper MAPPER = mapper();

    private CanonicalJson() {}

    /**
     * The canonical bytes of a tree, which no other tree has: what cannot be written is not written as something else.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static byte[] bytes(JsonNode tree) {
        if (!hasForm(tree)) {
            throw new IllegalArgumentException("tree has no canonical form");
        }
        try {
            return new JsonCanonicalizer(MAPPER.writeValueAsBytes(tree)).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalArgumentException("tree has no canonical form", e);
        }
    }

    /** Whether a tree has a canonical form: no number beyond what a double holds, no half of a surrogate pair. */
    static boolean hasForm(JsonNode tree) {
        if (tree.isNumber()) {
            return Double.isFinite(tree.doubleValue());
        }
        if (tree.isTextual()) {
            return isWhole(tree.textValue());
        }
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            if (!isWhole(member.getKey())) {
                return false;
            }
        }
        for (JsonNode child : tree) {
            if (!hasForm(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhole(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** The object that an entry holds, read as strictly as a verifier reads it; empty if it holds none. */
    public static Optional<ObjectNode> object(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** As {@link #object}, for whoever cannot go on without one. */
    public static ObjectNode read(byte[] bytes) throws BrokenPackException {
        return parseAny(bytes, "entry", "content");
    }

    /** The object that the bytes hold, which must be in canonical form; {@code file} and {@code place} name them in a fault. */
    static ObjectNode parse(byte[] bytes, String file, String place) throws BrokenPackException {
        ObjectNode object = parseAny(bytes, file, place);
        if (!hasForm(object)) {
            throw BrokenPackException.at(Reason.JSON_NOT_CANONICAL, file, place, "has no canonical form (RFC 8785)");
        }
        byte[] again = bytes(object);
        if (!Arrays.equals(bytes, again)) {
            throw BrokenPackException.at(
                    Reason.JSON_NOT_CANONICAL,
                    file,
                    "byte " + Math.max(0, Arrays.mismatch(bytes, again)),
                    "not in canonical form (RFC 8785)");
        }
        return object;
    }

    /** The object that the bytes hold, in whatever form. */
    static ObjectNode parseAny(byte[] bytes, String file, String place) throws BrokenPackException {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
            throw BrokenPackException.at(Reason.JSON_FORM, file, place, "not a JSON object");
        } catch (IOException e) {
            throw BrokenPackException.at(Reason.JSON_FORM, file, place, "not JSON");
        }
    }

    /** The names of an object's members. */
    static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
        return mapper;
    }
}
