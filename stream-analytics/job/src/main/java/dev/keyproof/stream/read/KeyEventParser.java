package dev.keyproof.stream.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import java.io.IOException;
import java.util.Arrays;

/** Reads the fields of a {@link KeyEvent} in one pass, without a tree. Thread-safe. */
public final class KeyEventParser {
    private static final int FORBIDDEN = 403;
    private static final String BROKER = "keyproof-broker";

    private final JsonFactory json = new JsonFactoryBuilder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build();

    /**
     * The event in {@code bytes}.
     *
     * @throws EventFormatException if they are not an API Activity event with an identity and a time
     */
    public KeyEvent parse(byte[] bytes) throws EventFormatException {
        if (bytes.length > EventCodec.MAX_BYTES) {
            throw new EventFormatException("larger than an event may be");
        }
        try (JsonParser parser = json.createParser(bytes)) {
            Reading reading = new Reading(bytes, parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new EventFormatException("not a JSON object");
            }
            reading.root();
            if (parser.nextToken() != null) {
                throw new EventFormatException("more than one JSON value");
            }
            return reading.result();
        } catch (IOException e) {
            throw new EventFormatException("not JSON of an event", e);
        }
    }

    /** Reads one field; the parser stands at its value. */
    private interface Field {
        void read(String name, JsonToken value) throws IOException;
    }

    /** One pass over one event. */
    private static final class Reading {
        private final byte[] bytes;
        private final JsonParser p;
        private final KeyEvent event = new KeyEvent();
        private String activity = "";
        private int classUid = -1;
        private int activityId = -1;
        private boolean timed;
        private boolean failed;
        private boolean refusedByPolicy;
        private boolean forbidden;
        private long durationMs = -1;
        private int detailFrom;
        private int detailTo;

        Reading(byte[] bytes, JsonParser p) {
            this.bytes = bytes;
            this.p = p;
        }

        KeyEvent result() throws EventFormatException {
            if (classUid != ApiActivity.CLASS_UID) {
                throw new EventFormatException("class_uid is not 6003");
            }
            if (event.uid.isEmpty()) {
                throw new EventFormatException("metadata.uid is missing");
            }
            if (!timed) {
                throw new EventFormatException("time is missing");
            }
            event.use = activityId == 99;
            event.change = activityId == 1 || activityId == 3 || activityId == 4;
            if (event.change && detailTo > detailFrom) {
                event.detail = Arrays.copyOfRange(bytes, detailFrom, detailTo);
            }
            if (event.use && !activity.isEmpty()) {
                event.operation = activity;
            }
            if (event.durationUs < 0 && durationMs >= 0) {
                event.durationUs = durationMs * 1000;
            }
            event.denied = refusedByPolicy || (failed && forbidden);
            if (event.service.equals(BROKER)
                    && (event.kind == KeyEvent.OTHER || !event.intent.isEmpty() || event.undecided)) {
                event.whole = bytes;
            }
            return event;
        }

        /** Hands each field of the object that the parser stands at to {@code field}; anything but an object has none. */
        private void each(Field field) throws IOException {
            if (p.currentToken() != JsonToken.START_OBJECT) {
                p.skipChildren();
                return;
            }
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String name = p.currentName();
                field.read(name, p.nextToken());
                // A field that was read to its end has no children left to skip.
                p.skipChildren();
            }
        }

        void root() throws IOException {
            each((name, value) -> {
                switch (name) {
                    case "class_uid" -> classUid = p.getValueAsInt(-1);
                    case "activity_id" -> activityId = p.getValueAsInt(-1);
                    case "activity_name" -> activity = p.getValueAsString("");
                    case "time" -> {
                        timed = value == JsonToken.VALUE_NUMBER_INT;
                        event.time = timed ? p.getLongValue() : 0;
                    }
                    case "duration" -> durationMs = p.getValueAsLong(-1);
                    case "count" -> event.count = Math.max(1, p.getValueAsInt(1));
                    case "status_id" -> {
                        int status = p.getValueAsInt(0);
                        event.success = status == 1;
                        failed = status == 2;
                    }
                    case "status_code" -> {
                        event.code = p.getValueAsString("");
                        forbidden |= forbids(event.code);
                    }
                    case "metadata" -> each(this::metadata);
                    case "actor" -> each(this::actor);
                    case "api" -> each(this::api);
                    case "resources" -> resources();
                    case "unmapped" -> each(this::unmapped);
                    default -> {}
                }
            });
        }

        private void metadata(String name, JsonToken value) throws IOException {
            if (name.equals("uid")) {
                event.uid = p.getValueAsString("");
            }
        }

        private void actor(String name, JsonToken value) throws IOException {
            if (name.equals("invoked_by") && event.actor.isEmpty()) {
                event.actor = p.getValueAsString("");
            } else if (name.equals("user")) {
                each(this::user);
            } else if (name.equals("session")) {
                event.elevated = value == JsonToken.START_OBJECT;
            }
        }

        private void user(String name, JsonToken value) throws IOException {
            if (name.equals("uid")) {
                event.actor = p.getValueAsString("");
            } else if (name.equals("groups") && value == JsonToken.START_ARRAY) {
                while (p.nextToken() != JsonToken.END_ARRAY) {
                    each(this::group);
                }
            }
        }

        private void group(String name, JsonToken value) throws IOException {
            if (name.equals("name")) {
                String role = p.getValueAsString("");
                event.roles = event.roles.isEmpty() ? role : event.roles + ' ' + role;
            }
        }

        private void api(String name, JsonToken value) throws IOException {
            switch (name) {
                case "operation" -> event.operation = p.getValueAsString("");
                case "service" -> each(this::service);
                case "response" -> each(this::response);
                default -> {}
            }
        }

        private void service(String name, JsonToken value) throws IOException {
            if (name.equals("name")) {
                event.service = p.getValueAsString("");
            }
        }

        private void response(String name, JsonToken value) throws IOException {
            if (name.equals("code")) {
                forbidden |= p.getValueAsInt(0) == FORBIDDEN;
            } else if (name.equals("error")) {
                forbidden |= forbids(p.getValueAsString(""));
            }
        }

        private void resources() throws IOException {
            if (p.currentToken() != JsonToken.START_ARRAY) {
                return;
            }
            if (p.nextToken() == JsonToken.END_ARRAY) {
                return;
            }
            each(this::resource);
            while (p.nextToken() != JsonToken.END_ARRAY) {
                p.skipChildren();
            }
        }

        private void resource(String name, JsonToken value) throws IOException {
            if (name.equals("uid")) {
                event.key = p.getValueAsString("");
            } else if (name.equals("version")) {
                event.version = p.getValueAsInt(0);
            } else if (name.equals("data") && value == JsonToken.START_OBJECT) {
                int from = (int) p.currentTokenLocation().getByteOffset();
                p.skipChildren();
                int to = (int) p.currentLocation().getByteOffset();
                event.state = Arrays.copyOfRange(bytes, from, to);
            }
        }

        private void unmapped(String name, JsonToken value) throws IOException {
            if (name.equals("keyproof")) {
                each(this::extension);
            }
        }

        private void extension(String name, JsonToken value) throws IOException {
            switch (name) {
                case "kind" -> event.kind = kind(p.getValueAsString(""));
                case "run" -> event.run = p.getValueAsString();
                case "duration_us" -> event.durationUs = p.getValueAsLong(-1);
                case "intent" -> event.intent = p.getValueAsString("");
                case "decision" -> each(this::decision);
                case "detail" -> {
                    if (value == JsonToken.START_OBJECT) {
                        // Of most events nobody asks for it: where it stands is enough until more is known.
                        detailFrom = (int) p.currentTokenLocation().getByteOffset();
                        p.skipChildren();
                        detailTo = (int) p.currentLocation().getByteOffset();
                    }
                }
                default -> {}
            }
        }

        private void decision(String name, JsonToken value) throws IOException {
            if (name.equals("allow")) {
                refusedByPolicy = value == JsonToken.VALUE_FALSE;
            } else if (name.equals("input")) {
                each(this::input);
            } else if (name.equals("result")) {
                each(this::result);
            }
        }

        private void result(String name, JsonToken value) throws IOException {
            if (name.equals("reasons") && value == JsonToken.START_ARRAY) {
                while (p.nextToken() != JsonToken.END_ARRAY) {
                    String reason = p.getValueAsString("");
                    event.undecided |= reason.equals("error") || reason.equals("undefined");
                    p.skipChildren();
                }
            }
        }

        private void input(String name, JsonToken value) throws IOException {
            if (name.equals("key")) {
                each(this::decidedOn);
            }
        }

        private void decidedOn(String name, JsonToken value) throws IOException {
            if (name.equals("state")) {
                event.before = p.getValueAsString("");
            }
        }

        private static byte kind(String kind) {
            return switch (kind) {
                case "operation" -> KeyEvent.OPERATION;
                case "observed" -> KeyEvent.OBSERVED;
                default -> KeyEvent.OTHER;
            };
        }

        private static boolean forbids(String code) {
            return code.equals("403") || code.equals("Forbidden") || code.startsWith("AccessDenied");
        }
    }
}
