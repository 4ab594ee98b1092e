package dev.keyproof.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CollectorConfigTest {
    private final Path file;

    CollectorConfigTest(@TempDir Path dir) {
        this.file = dir.resolve("collector.yaml");
    }

    @Test
    void readsEveryKey() throws Exception {
        CollectorConfig config = read("""
                instance: collector-7
                kafka: {bootstrap.servers: "127.0.0.1:9092", security.protocol: SASL_PLAINTEXT}
                http: {port: 18447}
                journals: [{directory: /j/broker-1}]
                cloudtrail: [{directory: /t, source: aws-prod, scanMillis: 500}]
                """);

        assertThat(config.instance()).isEqualTo("collector-7");
        assertThat(config.kafka()).hasSize(2).containsEntry("security.protocol", "SASL_PLAINTEXT");
        assertThat(config.http().port()).isEqualTo(18447);
        assertThat(config.journals()).containsExactly(new CollectorConfig.JournalFolder("/j/broker-1"));
        assertThat(config.cloudtrail()).containsExactly(new CollectorConfig.TrailFolder("/t", "aws-prod", 500));
    }

    @Test
    void needsNoMoreThanKafka() throws Exception {
        CollectorConfig config = read("kafka: {bootstrap.servers: x}");

        assertThat(config.instance()).isEqualTo("collector-1");
        assertThat(config.http().port()).isZero();
        assertThat(config.journals()).isEmpty();
        assertThat(config.cloudtrail()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: {port: 1}|kafka: bootstrap.servers is missing",
                "kafka: {bootstrap.servers: x}\\nsurprise: 1|unknown key surprise",
                "kafka: {bootstrap.servers: x}\\nhttp: {prot: 1}|unknown key http.prot",
                "kafka: {bootstrap.servers: x}\\nhttp: {port: many}|http.port has a value of the wrong kind",
                "kafka: {bootstrap.servers: x}\\nhttp: {port: 70000}|http.port: between 0 and 65535",
                "kafka: {bootstrap.servers: x}\\njournals: [{}]|journals: directory is missing",
                "kafka: {bootstrap.servers: x}\\njournals: [{directory: /a/j},{directory: /b/j}]|journals: two of one name",
                "kafka: {bootstrap.servers: x}\\ncloudtrail: [{directory: /a}]|"
                        + "cloudtrail: source is missing, or is not of letters, digits, dots and dashes",
                "kafka: {bootstrap.servers: x}\\ninstance: a/b|instance: letters, digits, dots and dashes, at most 64",
                "kafka: 'x|not YAML at line 1"
            })
    void everyFaultIsOneLineThatNamesItsKey(String yaml, String fault) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(yaml.replace("\\n", "\n")))
                .withMessage(fault);
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> CollectorConfig.read(file))
                .withMessage("the file cannot be read");
    }

    private CollectorConfig read(String yaml) throws IOException, ConfigException {
        Files.writeString(file, yaml);
        return CollectorConfig.read(file);
    }
}
