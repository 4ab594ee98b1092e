package dev.keyproof.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.event.testing.OcsfSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of record, built with all its fields and with as few as it may have, is OCSF 1.8.0. */
final class OcsfSchemaTest {
    private final EventCodec codec = new EventCodec();

    @ParameterizedTest
    @MethodSource("dev.keyproof.event.Samples#all")
    void everyKindOfRecordIsOcsf(Event event) throws EventFormatException {
        byte[] bytes = codec.encode(event);

        assertThat(OcsfSchema.violations(bytes)).isEmpty();
        assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
    }

    @Test
    void whatOcsfDoesNotKnowIsAViolation() throws EventFormatException {
        String good = new String(codec.encode(Samples.full()), UTF_8);

        assertThat(OcsfSchema.violations(
                        good.replaceFirst("\\{", "{\"surprise\":1,").getBytes(UTF_8)))
                .singleElement()
                .asString()
                .contains("surprise");
        assertThat(OcsfSchema.violations("{\"class_uid\":1}".getBytes(UTF_8))).hasSize(1);
        assertThat(OcsfSchema.violations("{}".getBytes(UTF_8))).isEqualTo(OcsfSchema.violations("[]".getBytes(UTF_8)));
    }

    @Test
    void anOperationThatLeavesOutWhatOcsfRequiresIsAViolation() {
        List<String> violations = OcsfSchema.violations("{\"class_uid\":6003,\"category_uid\":6}".getBytes(UTF_8));

        assertThat(violations).anySatisfy(v -> assertThat(v).contains("actor"));
        assertThat(violations).anySatisfy(v -> assertThat(v).contains("metadata"));
    }
}
