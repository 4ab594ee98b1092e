package dev.keyproof.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventCodecTest {
    private final EventCodec codec = new EventCodec();

    @Test
    void theClassComesFirstAndAbsentFieldsDoNotComeAtAll() throws Exception {
        String json = new String(codec.encode(Samples.bare()), UTF_8);

        assertThat(json)
                .startsWith("{\"class_uid\":6003,\"category_uid\":6,\"type_uid\":600301,\"activity_id\":1,")
                .contains("\"metadata\":{\"version\":\"1.8.0\",\"uid\":")
                .doesNotContain("null");
    }

    @Test
    void ourExtensionIsReadAsItWasWritten() throws Exception {
        ApiActivity event = (ApiActivity) codec.decode(codec.encode(Samples.full()));

        Extension extension = codec.extension(event.unmapped()).orElseThrow();

        assertThat(extension.kind()).isEqualTo(Extension.Kind.OPERATION);
        assertThat(extension.run()).isEqualTo("run-1");
        assertThat(extension.durationUs()).isEqualTo(1_234);
        assertThat(extension.decision())
                .isEqualTo(Samples.extension(Extension.Kind.OPERATION).decision());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"keyproof\":1}", "{\"keyproof\":{\"kind\":\"unheard\"}}"})
    void anExtensionThatCannotBeReadIsNone(String unmapped) throws Exception {
        assertThat(codec.extension(codec.tree(unmapped.getBytes(UTF_8)))).isEmpty();
    }

    @Test
    void fieldsThatWeDoNotModelAreIgnored() throws Exception {
        ObjectNode tree = codec.tree(codec.encode(Samples.bare()));
        tree.put("tomorrow", 1);

        assertThat(codec.decode(tree.toString().getBytes(UTF_8))).isEqualTo(Samples.bare());
    }

    @Test
    void anEventFitsIntoOneEntryOfTheLogAndNotAByteMore() throws Exception {
        int bare = codec.encode(padded(0)).length;

        assertThat(codec.encode(padded(EventCodec.MAX_BYTES - bare))).hasSize(EventCodec.MAX_BYTES);
        assertThatExceptionOfType(EventFormatException.class)
                .isThrownBy(() -> codec.encode(padded(EventCodec.MAX_BYTES - bare + 1)))
                .withMessageContaining("65536 bytes");
        assertThatExceptionOfType(EventFormatException.class)
                .isThrownBy(() -> codec.decode(new byte[EventCodec.MAX_BYTES + 1]))
                .withMessageContaining("65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret-4711",
                "[\"secret-4711\"]",
                "{\"class_uid\":\"secret-4711\"}",
                "{\"class_uid\":6003,\"metadata\":\"secret-4711\"}",
                "{\"class_uid\":6003,\"time\":\"secret-4711\",\"metadata\":{\"uid\":\"x\"}}",
                "{\"class_uid\":6003,\"metadata\":{\"uid\":\"\",\"source\":\"secret-4711\"}}",
                "{\"class_uid\":6003,\"secret-4711\""
            })
    void malformedBytesAreRefusedWithoutTheirValues(String text) {
        assertThatExceptionOfType(EventFormatException.class)
                .isThrownBy(() -> codec.decode(text.getBytes(UTF_8)))
                .satisfies(e -> assertThat(everythingSaid(e)).doesNotContain("secret-4711"));
    }

    @Test
    void nestingHasABound() {
        String deep = "{\"class_uid\":6003,\"unmapped\":" + "{\"a\":".repeat(200) + "1" + "}".repeat(201);

        assertThatExceptionOfType(EventFormatException.class).isThrownBy(() -> codec.decode(deep.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsFoundByItsName(KeyOperation operation) {
        assertThat(KeyOperation.named(operation.canonicalName())).contains(operation);
        assertThat(operation.changesState()).isEqualTo(operation.activityId() != 99 && operation.activityId() != 2);
    }

    @Test
    void theActivityIsNeverGuessedFromTheName() {
        assertThat(Map.of(
                        KeyOperation.GENERATE_DATA_KEY, 99,
                        KeyOperation.SCHEDULE_DESTRUCTION, 4,
                        KeyOperation.CANCEL_DESTRUCTION, 3,
                        KeyOperation.EXPORT_KEY, 2))
                .allSatisfy(
                        (operation, id) -> assertThat(operation.activityId()).isEqualTo(id));
        assertThat(KeyOperation.named("ScheduleKeyDeletion")).isEmpty();
    }

    private static ApiActivity padded(int size) {
        return Samples.bare().at("s", 1, Samples.object("pad", "x".repeat(size)));
    }

    private static String everythingSaid(Throwable e) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        e.printStackTrace(new PrintWriter(said, true, StandardCharsets.UTF_8));
        return said.toString(UTF_8);
    }
}
