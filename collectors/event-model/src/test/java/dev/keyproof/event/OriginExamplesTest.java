package dev.keyproof.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.event.testing.OcsfSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One event of each origin that we mean to read, made by us: OCSF holds them, and so does our model. */
final class OriginExamplesTest {
    private final EventCodec codec = new EventCodec();

    static Stream<String> examples() throws IOException {
        try (InputStream in = Objects.requireNonNull(OriginExamplesTest.class.getResourceAsStream("/origins.ndjson"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyOriginsEventIsOcsfAndReadable(String json) throws EventFormatException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThat(OcsfSchema.violations(bytes)).isEmpty();
        ApiActivity event = (ApiActivity) codec.decode(bytes);
        assertThat(OcsfSchema.violations(codec.encode(event))).isEmpty();
        assertThat(event.api().operation()).isNotEmpty();
    }
}
