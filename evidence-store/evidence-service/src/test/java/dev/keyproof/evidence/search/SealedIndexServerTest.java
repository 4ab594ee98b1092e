package dev.keyproof.evidence.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.config.SearchConfig;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.evidence.testing.TestingOpenSearch;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingNoteSigner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class SealedIndexServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void ofAYearThatIsDroppedNothingIsFoundAnyMore(@TempDir Path dir) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2025-06-01T00:00:00Z"));
        try (TestingOpenSearch opensearch = new TestingOpenSearch();
                YearLogs logs = YearLogs.open(dir.resolve("log"), "test", clock)) {
            // Given
            seal(logs, 7);
            clock.pass(Duration.ofDays(365));
            seal(logs, 5);
            SearchServer server =
                    new SearchServer(new SearchConfig(opensearch.url(), Optional.empty(), Optional.empty()));
            try (SealedIndex index = new SealedIndex(server, logs)) {
                index.start();
                await().atMost(PATIENCE).until(() -> count(opensearch, 2025) == 7 && count(opensearch, 2026) == 5);

                // When
                logs.mark(2025, "said elsewhere".getBytes(UTF_8));
                logs.drop(2025);

                // Then
                await().atMost(PATIENCE).until(() -> count(opensearch, 2025) == 0);
                assertThat(count(opensearch, 2026)).isEqualTo(5);
            }
        }
    }

    private static void seal(YearLogs logs, int count) throws Exception {
        SealedLog log = logs.current();
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(("{\"n\":" + i + "}").getBytes(UTF_8));
        }
        log.append(entries, new byte[0]).get();
        log.publish(List.of(new TestingNoteSigner(log.origin(), TestingAuthority.keyPair())));
    }

    private static long count(TestingOpenSearch opensearch, int year) throws Exception {
        opensearch.send("POST", "/keyproof-sealed/_refresh?ignore_unavailable=true", "");
        return new ObjectMapper()
                .readTree(opensearch.send(
                        "GET",
                        "/keyproof-sealed/_count?ignore_unavailable=true",
                        "{\"query\":{\"term\":{\"year\":" + year + "}}}"))
                .path("count")
                .asLong(-1);
    }
}
