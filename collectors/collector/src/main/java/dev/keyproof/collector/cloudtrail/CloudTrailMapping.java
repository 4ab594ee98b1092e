package dev.keyproof.collector.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Api;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.Cloud;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.event.HttpRequest;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.event.Status;
import dev.keyproof.event.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One CloudTrail record of KMS to one OCSF API Activity. The result depends on the record and its place alone, so that a
 * second reading is the same event, byte for byte.
 */
final class CloudTrailMapping {
    private static final String KMS = "kms.amazonaws.com";
    private static final Product PRODUCT = new Product("CloudTrail", "AWS");

    /** What has a place of its own in OCSF; everything else is kept in {@code unmapped} under its own name. */
    private static final Set<String> MAPPED = Set.of(
            "eventVersion",
            "userIdentity",
            "eventTime",
            "eventSource",
            "eventName",
            "awsRegion",
            "sourceIPAddress",
            "userAgent",
            "errorCode",
            "errorMessage",
            "requestParameters",
            "requestID",
            "eventID",
            "resources",
            "eventType",
            "recipientAccountId",
            "vpcEndpointId");

    private final EventCodec codec;
    private final String source;

    /** @param source what the events name as their origin */
    CloudTrailMapping(EventCodec codec, String source) {
        this.codec = codec;
        this.source = source;
    }

    /**
     * Where a record stands.
     *
     * @param object path of the file in the folder
     * @param digest hex SHA-256 of the file: the epoch
     * @param loggedTime milliseconds of the file's own stamp
     * @param index number of the record in the file
     */
    record Place(String object, String digest, @Nullable Long loggedTime, long index) {}

    /** The bytes of one element of {@code Records}, judged. */
    Verdict map(byte[] bytes, Place place) {
        JsonNode record;
        try {
            record = codec.mapper().readTree(bytes);
        } catch (IOException e) {
            return new Verdict.Refused("record is not JSON");
        }
        if (!record.isObject()) {
            return new Verdict.Refused("record is not a JSON object");
        }
        if (!text(record, "eventSource").filter(KMS::equals).isPresent()) {
            return record.path("eventSource").isTextual()
                    ? new Verdict.Foreign()
                    : new Verdict.Refused("eventSource is missing");
        }
        return kms((ObjectNode) record, place);
    }

    private Verdict kms(ObjectNode record, Place place) {
        String version = text(record, "eventVersion").orElse("");
        if (!version.startsWith("1.")) {
            return new Verdict.Refused("eventVersion is not 1.x");
        }
        Optional<String> eventId = text(record, "eventID");
        if (eventId.isEmpty()) {
            return new Verdict.Refused("eventID is missing");
        }
        Optional<String> name = text(record, "eventName");
        if (name.isEmpty()) {
            return new Verdict.Refused("eventName is missing");
        }
        Optional<Instant> time = text(record, "eventTime").flatMap(CloudTrailMapping::instant);
        if (time.isEmpty()) {
            return new Verdict.Refused("eventTime is missing or no RFC 3339 time");
        }
        Optional<KmsOperations.Meaning> meaning = KmsOperations.named(name.get());
        if (meaning.isEmpty()) {
            return new Verdict.Refused("key operation is unknown");
        }
        ApiActivity event = activity(
                record,
                place,
                meaning.get(),
                name.get(),
                time.get().toEpochMilli(),
                metadata(record, place, eventId.get(), version),
                record.path("requestParameters"),
                unmapped(record, place, meaning.get()));
        List<Resource> resources = event.resources();
        String key = resources == null ? source : resources.getFirst().uid();
        try {
            return new Verdict.Accepted(key, codec.encode(event), false);
        } catch (EventFormatException tooLarge) {
            return shortened(record, place, event, key);
        }
    }

    /** The same event with its two unbounded members replaced by their digests. */
    private Verdict shortened(ObjectNode record, Place place, ApiActivity event, String key) {
        JsonNode request = digest(record.path("requestParameters"));
        ObjectNode unmapped = event.unmapped();
        for (String member : List.of("responseElements", "additionalEventData", "serviceEventDetails")) {
            if (unmapped.has(member)) {
                unmapped.set(member, digest(record.path(member)));
            }
        }
        KmsOperations.Meaning meaning =
                KmsOperations.named(event.api().operation()).orElseThrow();
        ApiActivity small = activity(
                record, place, meaning, event.api().operation(), event.time(), event.metadata(), request, unmapped);
        try {
            return new Verdict.Accepted(key, codec.encode(small), true);
        } catch (EventFormatException e) {
            return new Verdict.Refused("record is larger than an event may be");
        }
    }

    private ApiActivity activity(
            ObjectNode record,
            Place place,
            KmsOperations.Meaning meaning,
            String name,
            long time,
            Metadata metadata,
            JsonNode request,
            ObjectNode unmapped) {
        Optional<String> error = text(record, "errorCode");
        return new ApiActivity(
                meaning.activityId(),
                meaning.activityName(),
                time,
                null,
                null,
                null,
                Severity.INFORMATIONAL,
                error.isEmpty() ? Status.SUCCESS : Status.FAILURE,
                error.orElse(null),
                null,
                null,
                metadata.at(source, place.index()),
                Identities.actor(record.path("userIdentity")),
                api(record, name, request),
                Identities.endpoint(record),
                text(record, "userAgent").map(HttpRequest::new).orElse(null),
                new Cloud(
                        "AWS",
                        text(record, "awsRegion").orElse(null),
                        text(record, "recipientAccountId")
                                .map(User.Account::new)
                                .orElse(null),
                        null),
                KeyResources.of(record, name),
                unmapped);
    }

    private static Metadata metadata(ObjectNode record, Place place, String eventId, String version) {
        return new Metadata(
                eventId,
                PRODUCT,
                null,
                null,
                null,
                eventId,
                text(record, "eventTime").orElse(null),
                place.loggedTime(),
                text(record, "eventType").orElse(null),
                version,
                "aws.cloudtrail",
                List.of("cloud"));
    }

    /** Service events have no request id, and OCSF wants one in every request: then there is none. */
    private static Api api(ObjectNode record, String name, JsonNode request) {
        Api.Request call = text(record, "requestID")
                .map(id -> new Api.Request(id, request.isObject() ? request : null))
                .orElse(null);
        Optional<String> error = text(record, "errorCode");
        Optional<String> message = text(record, "errorMessage");
        Api.Response response = error.isPresent() || message.isPresent()
                ? new Api.Response(null, error.orElse(null), message.orElse(null))
                : null;
        return new Api(name, new Api.Service(KMS), call, response);
    }

    private ObjectNode unmapped(ObjectNode record, Place place, KmsOperations.Meaning meaning) {
        ObjectNode detail = codec.mapper().createObjectNode();
        detail.put("operation", meaning.canonical());
        detail.put("object", place.object());
        // A correction stands beside what it corrects; neither is overwritten.
        text(record.path("addendum"), "originalEventID").ifPresent(id -> detail.put("supersedes", id));
        ObjectNode unmapped = codec.unmapped(
                new Extension(Extension.Kind.OBSERVED, null, place.digest(), null, null, null, null, detail));
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            boolean lost = field.getKey().equals("requestParameters")
                    && !record.path("requestID").isTextual();
            if ((!MAPPED.contains(field.getKey()) || lost)
                    && !field.getValue().isNull()
                    && !field.getKey().equals("keyproof")) {
                unmapped.set(field.getKey(), field.getValue());
            }
        }
        return unmapped;
    }

    private JsonNode digest(JsonNode large) {
        byte[] bytes = large.toString().getBytes(StandardCharsets.UTF_8);
        try {
            String hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            return codec.mapper().createObjectNode().put("sha256", hex).put("bytes", bytes.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A member that is text and not empty. */
    static Optional<String> text(JsonNode node, String name) {
        JsonNode member = node.path(name);
        return member.isTextual() && !member.textValue().isEmpty() ? Optional.of(member.textValue()) : Optional.empty();
    }
}
