package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/** Events to bytes and back. Thread-safe. Encoding is UTF-8 JSON without absent fields, in declaration order. */
public final class EventCodec {
    /** The largest event: an entry of a C2SP bundle has a 16-bit length. */
    public static final int MAX_BYTES = 65_535;

    private final ObjectMapper mapper;

    public EventCodec() {
        JsonMapper json = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        json.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(64).build());
        this.mapper = json;
    }

    /**
     * The event's bytes.
     *
     * @throws EventFormatException if they would exceed {@link #MAX_BYTES}
     */
    public byte[] encode(Event event) throws EventFormatException {
        try {
            byte[] bytes = mapper.writeValueAsBytes(event);
            if (bytes.length > MAX_BYTES) {
                throw new EventFormatException("event of " + bytes.length + " bytes is larger than " + MAX_BYTES
                        + "; keep the rest as an artifact");
            }
            return bytes;
        } catch (JsonProcessingException e) {
            throw new EventFormatException("event cannot be written as JSON", e);
        }
    }

    /**
     * The event that the bytes hold; fields that we do not model are ignored, so keep the bytes, not the event.
     *
     * @throws EventFormatException if the bytes are not an event of class 6003, 2003 or 2004
     */
    public Event decode(byte[] bytes) throws EventFormatException {
        JsonNode tree = tree(bytes);
        int classUid = tree.path("class_uid").asInt(-1);
        Class<? extends Event> type = switch (classUid) {
            case ApiActivity.CLASS_UID -> ApiActivity.class;
            case ComplianceFinding.CLASS_UID -> ComplianceFinding.class;
            case DetectionFinding.CLASS_UID -> DetectionFinding.class;
            default -> throw new EventFormatException("class_uid is none of 6003, 2003, 2004");
        };
        try {
            Event event = mapper.treeToValue(tree, type);
            requireIdentity(event);
            return event;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new EventFormatException("event of class " + classUid + " is malformed" + place(e));
        }
    }

    /**
     * The bytes as a JSON object.
     *
     * @throws EventFormatException if they are not one, or are larger than {@link #MAX_BYTES}
     */
    public ObjectNode tree(byte[] bytes) throws EventFormatException {
        if (bytes.length > MAX_BYTES) {
            throw new EventFormatException(bytes.length + " bytes are more than an event may have");
        }
        try {
            JsonNode tree = mapper.readTree(bytes);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new EventFormatException("not a JSON object");
        } catch (IOException e) {
            throw new EventFormatException("not JSON");
        }
    }

    /** {@code unmapped} with our extension in it. */
    public ObjectNode unmapped(Extension extension) {
        ObjectNode unmapped = mapper.createObjectNode();
        unmapped.set("keyproof", mapper.valueToTree(extension));
        return unmapped;
    }

    /** The same for an event that is only encoded: nothing is copied, so nothing can be read out of it as a tree. */
    public ObjectNode encodable(Extension extension) {
        ObjectNode unmapped = mapper.createObjectNode();
        unmapped.putPOJO("keyproof", extension);
        return unmapped;
    }

    /** Our extension of an event's {@code unmapped}, where it has one that can be read. */
    public Optional<Extension> extension(JsonNode unmapped) {
        JsonNode keyproof = unmapped.path("keyproof");
        if (!keyproof.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(mapper.treeToValue(keyproof, Extension.class));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The mapper behind the codec, for trees that go into events: snake case, absent fields left out. */
    public ObjectMapper mapper() {
        return mapper;
    }

    /** Where Jackson gave up. Its own words quote the value, so that neither they nor their exception go any further. */
    private static String place(Exception e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        return mapping.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining(".", " at ", ""));
    }

    private static void requireIdentity(Event event) throws EventFormatException {
        // Jackson fills absent components with null whatever the types say.
        Metadata metadata = event.metadata();
        if ((Object) metadata == null
                || (Object) metadata.uid() == null
                || metadata.uid().isEmpty()) {
            throw new EventFormatException("metadata.uid is missing");
        }
    }
}
