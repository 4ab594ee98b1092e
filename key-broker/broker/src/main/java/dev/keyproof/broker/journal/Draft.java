package dev.keyproof.broker.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.trace.Traces;
import dev.keyproof.event.Actor;
import dev.keyproof.event.Api;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.Endpoint;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.Extension;
import dev.keyproof.event.HttpRequest;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Session;
import dev.keyproof.event.Severity;
import dev.keyproof.event.Status;
import dev.keyproof.event.User;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A record in the making. Used by one thread; becomes an event when it is appended. */
public final class Draft {
    /** The name of the broker as a service, in every record. */
    public static final String SERVICE = "keyproof-broker";

    private static final Product PRODUCT = Product.keyproof("broker");

    private final Action action;
    private final @Nullable Call call;
    private final String uid = UlidCreator.getUlid().toString();
    private final ObjectNode detail = JsonNodeFactory.instance.objectNode();
    private Status status = Status.SUCCESS;
    private @Nullable Integer code;
    private @Nullable String problem;
    private @Nullable String problemDetail;
    private @Nullable String message;
    private @Nullable Resource resource;
    private Extension.@Nullable Decision decision;
    private @Nullable Integer count;
    private @Nullable String intent;
    private @Nullable String session;
    private List<String> granted = List.of();
    private boolean reduced;

    private Draft(Action action, @Nullable Call call) {
        this.action = action;
        this.call = call;
    }

    /** A record of a caller's call. */
    public static Draft of(Action action, Call call) {
        return new Draft(action, call);
    }

    /** A record of what the broker did of itself. */
    public static Draft service(String name) {
        return new Draft(Action.service(name), null);
    }

    /** A record of the broker about something that it does on nobody's call. */
    public static Draft own(Action action) {
        return new Draft(action, null);
    }

    public String uid() {
        return uid;
    }

    public Draft on(@Nullable Resource about) {
        this.resource = about;
        return this;
    }

    public Draft decided(Extension.@Nullable Decision made) {
        this.decision = made;
        if (made != null && made.result().at("/obligations/elevation").isTextual()) {
            // Whatever is called under an elevation is one session.
            this.session = made.result().at("/obligations/elevation").textValue();
        }
        if (made != null) {
            this.granted = made.result()
                    .at("/obligations/granted")
                    .valueStream()
                    .map(JsonNode::asText)
                    .toList();
        }
        return this;
    }

    public Draft succeeded(int httpCode) {
        this.status = Status.SUCCESS;
        this.code = httpCode;
        return this;
    }

    public Draft failed(ProblemException why) {
        this.status = Status.FAILURE;
        this.code = why.problem().status();
        this.problem = why.problem().id();
        this.problemDetail = why.detail();
        if (!why.attempts().isEmpty()) {
            why.attempts().forEach(detail.putArray("attempts")::add);
        }
        return this;
    }

    public boolean isSuccess() {
        return status == Status.SUCCESS;
    }

    /** Nothing is known of the end yet. */
    public Draft pending() {
        this.status = Status.OTHER;
        this.code = null;
        return this;
    }

    public Draft count(int items) {
        this.count = items;
        return this;
    }

    /** The intent, by its uid, that this outcome completes. */
    public Draft completes(@Nullable String intentUid) {
        this.intent = intentUid;
        return this;
    }

    /** The intent that this outcome completes, if there is one. */
    public @Nullable String intent() {
        return intent;
    }

    /** Leaves out of an outcome what may be large, once: decision and state; whether there was anything to leave out. */
    boolean reduce() {
        if (intent == null || reduced) {
            return false;
        }
        reduced = true;
        decision = null;
        Resource about = resource;
        resource = about == null ? null : Resource.key(about.uid(), about.version(), null);
        detail.put("reduced", true);
        return true;
    }

    Action action() {
        return action;
    }

    public Draft message(String text) {
        this.message = text;
        return this;
    }

    /** What else the record states; to be filled in by the caller. */
    public ObjectNode detail() {
        return detail;
    }

    /** The event, not yet at its place. */
    ApiActivity event(Instant now, long nanos, EventCodec codec, Extension extension) {
        Long durationMs = call == null ? null : TimeUnit.NANOSECONDS.toMillis(nanos - call.startedNanos());
        Metadata metadata = Metadata.of(uid, PRODUCT);
        if (call != null) {
            metadata = correlated(metadata, call.request());
        }
        return new ApiActivity(
                action.activityId(),
                action.activityName(),
                call == null ? now.toEpochMilli() : call.started().toEpochMilli(),
                null,
                durationMs,
                count,
                Severity.INFORMATIONAL,
                status,
                problem,
                problemDetail,
                message,
                metadata,
                call == null
                        ? Actor.service(SERVICE)
                        : new Actor(User.of(call.caller().id(), roles(call.caller())), session(), null, null),
                new Api(
                        action.name(),
                        new Api.Service(SERVICE),
                        call == null ? null : new Api.Request(call.request(), null),
                        code == null ? null : new Api.Response(code, problem, problemDetail)),
                call == null ? Endpoint.service(SERVICE) : Endpoint.ip(call.address()),
                call == null || call.userAgent() == null ? null : new HttpRequest(call.userAgent()),
                null,
                resource == null ? null : List.of(resource),
                codec.encodable(extension));
    }

    /** What the caller's proof gave it, and what policy's data grants: whoever reads the record sees no difference. */
    private List<String> roles(Caller caller) {
        return granted.isEmpty()
                ? caller.roles()
                : Stream.concat(caller.roles().stream(), granted.stream())
                        .distinct()
                        .toList();
    }

    private @Nullable Session session() {
        return session == null ? null : new Session(session, null, null, null, null, null);
    }

    Extension extension(long nanos) {
        Traces.id().ifPresent(trace -> detail.put("trace", trace));
        return new Extension(
                action.kind(),
                call == null ? null : call.run(),
                null,
                null,
                call == null ? null : TimeUnit.NANOSECONDS.toMicros(nanos - call.startedNanos()),
                intent,
                decision,
                detail.isEmpty() ? null : detail);
    }

    private static Metadata correlated(Metadata metadata, String request) {
        return new Metadata(
                metadata.uid(),
                metadata.product(),
                metadata.source(),
                metadata.sequence(),
                request,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
