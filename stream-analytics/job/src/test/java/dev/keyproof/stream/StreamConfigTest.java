package dev.keyproof.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamConfigTest {
    @TempDir
    private Path dir;

    private Path write(String more) throws IOException {
        Path bundle = Files.writeString(dir.resolve("bundle"), "");
        return Files.writeString(dir.resolve("stream.yaml"), """
                kafka: {bootstrap.servers: "127.0.0.1:1", sasl.mechanism: PLAIN}
                policy: {bundle: "%s"}
                checkpoints: {directory: "%s"}
                %s
                """.formatted(bundle, dir, more));
    }

    @Test
    void defaultsFillWhatIsLeftOut() throws Exception {
        // When
        StreamConfig config = StreamConfig.load(write("detectors: {burst: {limits: {Sign: 7}}}"));

        // Then
        assertThat(config.checkpoints().intervalMs()).isEqualTo(1000);
        assertThat(config.latency()).isEqualTo(new StreamConfig.Latency(10, 2000, 3000));
        assertThat(config.topics()).isEqualTo(new StreamConfig.Topics("key-events", "findings", "alerts", "slo"));
        assertThat(config.detectors().burst().limits()).isEqualTo(Map.of("Sign", 7));
        assertThat(config.detectors().burst().seconds()).isEqualTo(10);
        assertThat(config.kafka()).containsEntry("sasl.mechanism", "PLAIN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "detectors: {burts: {}}                      | burts",
                "latency: {windowSeconds: 0}                 | latency.windowSeconds: 0 is less than 1",
                "flink: {state: memory}                      | flink.state: memory is neither hashmap nor rocksdb",
                "detectors: {burst: {limits: {Sign: 0}}}     | detectors.burst.limits.Sign: 0 is less than 1",
                "http: {port: many}                          | many",
            })
    void faultsNameTheKey(String more, String named) throws IOException {
        // Given
        Path file = write(more);

        // Then
        assertThatThrownBy(() -> StreamConfig.load(file))
                .isInstanceOf(StreamConfigException.class)
                .hasMessageContaining(named);
    }
}
