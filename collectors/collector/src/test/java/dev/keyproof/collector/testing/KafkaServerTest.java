package dev.keyproof.collector.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class KafkaServerTest {
    @Test
    void keepsItsRecordsAcrossAStop(@TempDir Path dir) throws Exception {
        try (KafkaServer kafka = KafkaServer.start(dir)) {
            kafka.createTopics("t");
            kafka.send("t", "k", List.of("one".getBytes(UTF_8), "two".getBytes(UTF_8)));

            kafka.stop();
            kafka.start();

            assertThat(kafka.committed("t"))
                    .extracting(record -> new String(record.value(), UTF_8))
                    .containsExactly("one", "two");
        }
    }
}
