package dev.keyproof.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeedConfigTest {
    private final Path file;

    FeedConfigTest(@TempDir Path dir) {
        this.file = dir.resolve("feed.yaml");
    }

    @Test
    void readsEveryKey() throws Exception {
        FeedConfig config = read("""
                kafka: {bootstrap.servers: "127.0.0.1:9092"}
                group: feed
                http: {port: 18449, tokenFile: /t}
                keep: 10
                webhooks:
                  - {name: soc, url: "https://soc.example/hook", secretFile: /s, attempts: 3, timeoutMillis: 5,
                     firstRetryMillis: 6, retryParkedMillis: 7}
                """);

        assertThat(config.group()).isEqualTo("feed");
        assertThat(config.http()).isEqualTo(new FeedConfig.Http(18449, "/t"));
        assertThat(config.keep()).isEqualTo(10);
        assertThat(config.webhooks())
                .containsExactly(new FeedConfig.Webhook("soc", "https://soc.example/hook", "/s", 3, 5, 6, 7));
    }

    @Test
    void needsNoMoreThanKafka() throws Exception {
        FeedConfig config =
                read("kafka: {bootstrap.servers: x}\nwebhooks: [{name: a, url: 'http://localhost/', secretFile: s}]");

        assertThat(config.group()).isEqualTo("alert-feed");
        assertThat(config.keep()).isEqualTo(10_000);
        assertThat(config.webhooks().getFirst().attemptsOrDefault()).isEqualTo(6);
        assertThat(config.webhooks().getFirst().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.webhooks().getFirst().firstRetry()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.webhooks().getFirst().retryParked()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep: 1|kafka: bootstrap.servers is missing",
                "kafka: {bootstrap.servers: x}\\nsurprise: 1|unknown key surprise",
                "kafka: {bootstrap.servers: x}\\nwebhooks: [{nam: a}]|unknown key webhooks[0].nam",
                "kafka: {bootstrap.servers: x}\\nkeep: many|keep has a value of the wrong kind",
                "kafka: {bootstrap.servers: x}\\nwebhooks: [{url: 'https://h/'}]|webhooks: name is missing, or has other characters",
                "kafka: {bootstrap.servers: x}\\nwebhooks: [{name: a, url: 'http://soc.example/'}]|"
                        + "webhooks.a.url: https, or http on the loopback interface",
                "kafka: {bootstrap.servers: x}\\nwebhooks: [{name: a, url: 'https://h/'}]|webhooks.a.secretFile is missing",
                "kafka: {bootstrap.servers: x}\\nwebhooks: [{name: a, url: 'https://h/', secretFile: s, attempts: 0}]|"
                        + "webhooks.a.attempts: at least 1"
            })
    void everyFaultIsOneLineThatNamesItsKey(String yaml, String fault) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(yaml.replace("\\n", "\n")))
                .withMessage(fault);
    }

    private FeedConfig read(String yaml) throws IOException, ConfigException {
        Files.writeString(file, yaml);
        return FeedConfig.read(file);
    }
}
