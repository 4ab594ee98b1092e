package dev.keyproof.evidence.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is counted of reads, without a log. */
class CountsTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Instant UNTIL = NOW.plusSeconds(60);

    private final List<ObjectNode> begun = new ArrayList<>();

    @Test
    void partsInAnyOrderAreOneDownload() {
        Downloads downloads = new Downloads();

        assertThat(downloads.sent(part(downloads), 20, 10)).isEmpty();
        assertThat(downloads.sent(part(downloads), 0, 12)).isEmpty();
        assertThat(downloads.sent(part(downloads), 5, 10)).isEmpty();
        Optional<ObjectNode> ended = downloads.sent(part(downloads), 15, 5);

        assertThat(begun).hasSize(1);
        assertThat(ended).hasValueSatisfying(json -> {
            assertThat(json.path("completed").asBoolean()).isTrue();
            assertThat(json.path("bytes").asLong()).isEqualTo(37);
        });
        assertThat(downloads.over(UNTIL.plusSeconds(1), true)).isEmpty();
    }

    @Test
    void whatIsUnderWayOutlivesItsLink() {
        Downloads downloads = new Downloads();
        Downloads.Download download = part(downloads);

        assertThat(downloads.over(UNTIL.plusSeconds(1), false)).isEmpty();
        downloads.sent(download, 0, 29);

        assertThat(downloads.over(UNTIL, false)).isEmpty();
        assertThat(downloads.over(UNTIL.plusSeconds(1), false))
                .singleElement()
                .satisfies(over ->
                        assertThat(over.json().path("completed").asBoolean()).isFalse());
    }

    @Test
    void strangersAndRefusedCallersAreBounded() {
        Tallies tallies = new Tallies();
        for (int i = 0; i < 2_000; i++) {
            tallies.refused(admission("caller-" + i, false), NOW);
            tallies.stranger(NOW);
        }

        List<Tallies.Tally> over = tallies.over(NOW.plusSeconds(60), false);

        assertThat(over).hasSizeLessThanOrEqualTo(258);
        assertThat(over.stream()
                        .mapToLong(one -> one.json().path("count").asLong())
                        .sum())
                .isEqualTo(4_000);
    }

    @Test
    void theFirstOfAMinuteIsRecordedAndTheOthersCounted() {
        Tallies tallies = new Tallies();
        for (int i = 0; i < 5; i++) {
            ObjectNode scope = JsonNodeFactory.instance.objectNode();
            scope.put("year", 2026).put("from", 256 * i).put("to", 256 * (i + 1));
            tallies.add(admission("ann", true), NOW.plusSeconds(i), 10, scope, this::seal);
        }

        assertThat(tallies.over(NOW.plusSeconds(59), false)).isEmpty();
        List<Tallies.Tally> over = tallies.over(NOW.plusSeconds(60), false);

        assertThat(begun)
                .singleElement()
                .satisfies(first -> assertThat(first.path("count").asInt()).isEqualTo(1));
        assertThat(over).singleElement().satisfies(rest -> {
            assertThat(rest.json().path("count").asInt()).isEqualTo(4);
            assertThat(rest.json().path("bytes").asInt()).isEqualTo(40);
            assertThat(rest.json().at("/entries/2026/from").asInt()).isEqualTo(256);
            assertThat(rest.json().at("/entries/2026/to").asInt()).isEqualTo(1280);
        });
    }

    private Downloads.Download part(Downloads downloads) {
        return downloads.of(admission("ann", true), "aa", 30, UNTIL, this::seal);
    }

    private CompletableFuture<Void> seal(ObjectNode entry) {
        begun.add(entry);
        return CompletableFuture.completedFuture(null);
    }

    private static Admission admission(String caller, boolean allow) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        return new Admission(
                new Caller(caller, List.of("auditor"), "127.0.0.1"),
                Operation.READ_LOG,
                new Decision(allow, List.of("granted"), result, "sha256:p", "sha256:d"),
                result);
    }
}
