package dev.keyproof.stream.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.stream.TestingEvents;
import dev.keyproof.stream.TestingEvents.Call;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyEventParserTest {
    private static final long TIME = 1_795_000_000_000L;

    private final KeyEventParser parser = new KeyEventParser();

    @Test
    void readsAnOutcome() throws EventFormatException {
        // Given
        byte[] bytes = TestingEvents.outcome(
                "u1",
                Call.of(KeyOperation.ROTATE_KEY, "key-ä", TIME).took(1234).leaving(TestingEvents.state("key-ä", TIME)));

        // When
        KeyEvent event = parser.parse(bytes);

        // Then
        assertThat(event.uid).isEqualTo("u1");
        assertThat(event.time).isEqualTo(TIME);
        assertThat(event.kind).isEqualTo(KeyEvent.OPERATION);
        assertThat(event.operation).isEqualTo("RotateKey");
        assertThat(event.use).isFalse();
        assertThat(event.service).isEqualTo("keyproof-broker");
        assertThat(event.key).isEqualTo("key-ä");
        assertThat(event.actor).isEqualTo("app-1");
        assertThat(event.success).isTrue();
        assertThat(event.denied).isFalse();
        assertThat(event.durationUs).isEqualTo(1234);
        assertThat(event.run).isEqualTo("run-1");
        assertThat(event.state)
                .isEqualTo(TestingEvents.state("key-ä", TIME).toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatAChangeWasDecidedOnAndSays() throws EventFormatException {
        // Given
        byte[] bytes = ("{\"activity_id\":3,\"class_uid\":6003,\"time\":5,\"status_id\":2,\"status_code\":\"internal\","
                        + "\"metadata\":{\"uid\":\"a\"},\"resources\":[{\"uid\":\"k\",\"version\":\"7\"}],"
                        + "\"unmapped\":{\"keyproof\":{\"kind\":\"operation\",\"detail\":{\"days\":7,\"proof\":{\"a\":[1]}},"
                        + "\"decision\":{\"input\":{\"key\":{\"tags\":{\"state\":\"no\"},\"state\":\"active\"},\"time\":[{}]},"
                        + "\"allow\":true},\"intent\":\"i\"}}}")
                .getBytes(StandardCharsets.UTF_8);

        // When
        KeyEvent event = parser.parse(bytes);

        // Then
        assertThat(event.change).isTrue();
        assertThat(event.before).isEqualTo("active");
        assertThat(event.intent).isEqualTo("i");
        assertThat(event.code).isEqualTo("internal");
        assertThat(event.version).isEqualTo(7);
        assertThat(event.detail).asString().isEqualTo("{\"days\":7,\"proof\":{\"a\":[1]}}");
        assertThat(event.denied).isFalse();
    }

    @Test
    void readsWhoCalledAndKeepsWhatABrokerTells() throws EventFormatException {
        // Given
        String actor =
                "\"actor\":{\"user\":{\"uid\":\"olga\",\"groups\":[7,{\"name\":\"operator\"},[],{\"name\":\"x\"}]},"
                        + "\"session\":{\"uid\":\"E\"}}";
        String service = "\"api\":{\"operation\":\"Encrypt\",\"service\":{\"name\":\"keyproof-broker\"}}";
        String start = "{\"activity_id\":99,\"class_uid\":6003,\"time\":5,\"metadata\":{\"uid\":\"a\"}," + actor + ","
                + service;
        String decided = "\"decision\":{\"result\":{\"reasons\":[{},\"%s\",[]]},\"allow\":false}";

        // When
        KeyEvent granted = parsed(start + ",\"unmapped\":{\"keyproof\":{\"kind\":\"operation\","
                + decided.formatted("key-state") + "}}}");
        KeyEvent undecided = parsed(
                start + ",\"unmapped\":{\"keyproof\":{\"kind\":\"operation\"," + decided.formatted("error") + "}}}");
        KeyEvent changed = parsed(start + ",\"unmapped\":{\"keyproof\":{\"kind\":\"operation\",\"intent\":\"i\"}}}");
        KeyEvent told = parsed(start + ",\"unmapped\":{\"keyproof\":{\"kind\":\"service\"}}}");

        // Then
        assertThat(granted.actor).isEqualTo("olga");
        assertThat(granted.roles).isEqualTo("operator x");
        assertThat(granted.elevated).isTrue();
        assertThat(granted.denied).isTrue();
        assertThat(granted.undecided).isFalse();
        assertThat(granted.whole).isNull();
        assertThat(undecided.undecided).isTrue();
        assertThat(undecided.whole).isNotNull();
        assertThat(changed.whole).isNotNull();
        assertThat(told.whole).isNotNull();
    }

    private KeyEvent parsed(String json) throws EventFormatException {
        return parser.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsARefusal() throws EventFormatException {
        // Given
        byte[] bytes = TestingEvents.outcome(
                "u1", Call.of(KeyOperation.DECRYPT, "key", TIME).refused());

        // When
        KeyEvent event = parser.parse(bytes);

        // Then
        assertThat(event.denied).isTrue();
        assertThat(event.success).isFalse();
        assertThat(event.use).isTrue();
        assertThat(event.state).isNull();
    }

    @Test
    void anIntentIsNoFinishedUse() throws EventFormatException {
        // Given
        byte[] bytes = TestingEvents.intent("u1", Call.of(KeyOperation.DISABLE_KEY, "key", TIME));

        // When
        KeyEvent event = parser.parse(bytes);

        // Then
        assertThat(event.finished()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                                       | not a JSON object",
                "{\"class_uid\":2004,\"time\":1,\"metadata\":{\"uid\":\"a\"}}                  | class_uid is not 6003",
                "{\"class_uid\":6003,\"time\":1,\"metadata\":\"a\"}                            | metadata.uid is missing",
                "{\"class_uid\":6003,\"time\":\"1\",\"metadata\":{\"uid\":\"a\"}}                | time is missing",
                "{\"class_uid\":6003,\"time\":1,\"metadata\":{\"uid\":\"a\"}} {}               | more than one JSON value",
                "{\"class_uid\":6003,\"time\":1                                             | not JSON of an event",
            })
    void refusesWhatIsNoEvent(String json, String reason) {
        assertThatThrownBy(() -> parser.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(EventFormatException.class)
                .hasMessage(reason);
    }

    @Test
    void oddShapesOfOptionalFieldsDoNotHideTheOthers() throws EventFormatException {
        // Given
        byte[] bytes = ("{\"actor\":[1,{\"a\":2}],\"api\":null,\"resources\":[[{\"uid\":\"no\"}],{\"uid\":\"second\"}],"
                        + "\"unmapped\":{\"keyproof\":7},\"class_uid\":6003,\"time\":5,\"metadata\":{\"uid\":\"a\"}}")
                .getBytes(StandardCharsets.UTF_8);

        // When
        KeyEvent event = parser.parse(bytes);

        // Then
        assertThat(event.uid).isEqualTo("a");
        assertThat(event.key).isEmpty();
        assertThat(event.time).isEqualTo(5);
    }
}
