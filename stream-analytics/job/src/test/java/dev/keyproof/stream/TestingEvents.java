package dev.keyproof.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Actor;
import dev.keyproof.event.Api;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.Endpoint;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.event.Extension.Decision;
import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.event.Status;
import dev.keyproof.event.User;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as the broker and the collector write them. */
public final class TestingEvents {
    private static final EventCodec CODEC = new EventCodec();

    private TestingEvents() {}

    /** One call of the broker. */
    public record Call(
            KeyOperation operation,
            String key,
            String actor,
            long time,
            boolean success,
            boolean denied,
            long durationUs,
            @Nullable ObjectNode state) {

        public static Call of(KeyOperation operation, String key, long time) {
            return new Call(operation, key, "app-1", time, true, false, 250, null);
        }

        public Call by(String other) {
            return new Call(operation, key, other, time, success, denied, durationUs, state);
        }

        public Call refused() {
            return new Call(operation, key, actor, time, false, true, durationUs, state);
        }

        public Call took(long us) {
            return new Call(operation, key, actor, time, success, denied, us, state);
        }

        public Call leaving(ObjectNode newState) {
            return new Call(operation, key, actor, time, success, denied, durationUs, newState);
        }
    }

    /** The outcome of a call under the given uid. */
    public static byte[] outcome(String uid, Call call) {
        return encode(uid, Kind.OPERATION, "keyproof-broker", call.operation().canonicalName(), call);
    }

    /** The intent before it. */
    public static byte[] intent(String uid, Call call) {
        return encode(uid, Kind.INTENT, "keyproof-broker", call.operation().canonicalName(), call);
    }

    /** What CloudTrail says of a call of AWS KMS. */
    public static byte[] cloudTrail(String uid, String operation, Call call) {
        return encode(uid, Kind.OBSERVED, "kms.amazonaws.com", operation, call);
    }

    private static byte[] encode(String uid, Kind kind, String service, String operation, Call call) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("operation", operation);
        Decision decision = kind == Kind.OBSERVED
                ? null
                : new Decision(!call.denied(), "sha256:00", "sha256:00", input, JsonNodeFactory.instance.objectNode());
        Extension extension = new Extension(
                kind, "run-1", null, null, kind == Kind.OPERATION ? call.durationUs() : null, null, decision, null);
        ApiActivity event = new ApiActivity(
                call.operation().activityId(),
                call.operation().activityName(),
                call.time(),
                null,
                null,
                null,
                Severity.INFORMATIONAL,
                call.success() ? Status.SUCCESS : Status.FAILURE,
                call.denied() ? "403" : null,
                null,
                null,
                Metadata.of(uid, Product.keyproof("broker")),
                Actor.user(User.of(call.actor(), List.of("application"))),
                new Api(operation, new Api.Service(service), new Api.Request("req-" + uid, null), null),
                Endpoint.ip("127.0.0.1"),
                null,
                null,
                List.of(Resource.key(call.key(), "1", call.state())),
                CODEC.unmapped(extension));
        try {
            return CODEC.encode(event);
        } catch (EventFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A sound AES key. */
    public static ObjectNode state(String key, long time) {
        String at = Instant.ofEpochMilli(time).truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode state = JsonNodeFactory.instance
                .objectNode()
                .put("id", key)
                .put("name", "orders")
                .put("purpose", "encrypt")
                .put("algorithm", "AES_256_GCM")
                .put("state", "active")
                .put("version", 1)
                .put("owner", "team-orders");
        state.putObject("tags").put("service", "orders");
        state.put("created", at)
                .put("rotated", at)
                .put("rotationPeriodDays", 90)
                .put("provider", "pkcs11")
                .put("residence", "resident");
        state.putObject("attributes")
                .put("sensitive", true)
                .put("extractable", false)
                .put("alwaysSensitive", true)
                .put("neverExtractable", true)
                .put("local", true)
                .put("modifiable", false)
                .put("copyable", false)
                .put("encrypt", true)
                .put("decrypt", true)
                .put("sign", false)
                .put("verify", false)
                .put("wrap", false)
                .put("unwrap", false)
                .put("keyType", "AES")
                .put("bits", 256);
        return state;
    }
}
