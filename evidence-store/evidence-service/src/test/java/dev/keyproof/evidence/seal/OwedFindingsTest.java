package dev.keyproof.evidence.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.evidence.store.YearLogs;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwedFindingsTest {
    @Test
    void whatWasSealedAndMayNotBePublishedIsOwedAfterARestart(@TempDir Path dir) throws Exception {
        // Given
        Map<TopicPartition, Long> next = Map.of(new TopicPartition("key-events", 0), 7L);
        try (YearLogs logs = YearLogs.open(dir.resolve("log"), "test", Clock.systemUTC())) {
            append(logs, new Positions(next, 0), finding("continuity-a"), finding("continuity-b"));
            append(logs, new Positions(next, 2), finding("continuity-c"), finding("other"), finding("log-d"));
        }

        // When
        try (YearLogs logs = YearLogs.open(dir.resolve("log"), "test", Clock.systemUTC());
                Places places = Places.open(dir.resolve("places"))) {
            SealedState state = new SealedState(places);
            Recovery.run(
                    logs,
                    DroppedYears.open(logs, digest -> new byte[0]),
                    state,
                    Map.of(),
                    (year, index, json) -> {},
                    0);

            // Then
            assertThat(state.owed().stream().map(one -> new String(one, UTF_8)))
                    .containsExactly(finding("continuity-c"), finding("log-d"));
            assertThat(state.hasFinding("other")).isTrue();
            assertThat(state.hasFinding("continuity-a")).isFalse();
            assertThat(state.ownFinding("continuity-a")).isPresent();
            assertThat(Positions.decode(logs.positions())).isEqualTo(new Positions(next, 2));
        }
    }

    private static void append(YearLogs logs, Positions positions, String... entries) throws Exception {
        logs.current()
                .append(
                        List.of(entries).stream()
                                .map(entry -> entry.getBytes(UTF_8))
                                .toList(),
                        positions.encode())
                .get();
    }

    private static String finding(String uid) {
        return "{\"class_uid\":2004,\"metadata\":{\"uid\":\"" + uid + "\"}}";
    }
}
