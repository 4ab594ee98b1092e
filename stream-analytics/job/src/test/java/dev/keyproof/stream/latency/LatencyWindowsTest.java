package dev.keyproof.stream.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.read.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
final class LatencyWindowsTest {
    private static final long WINDOW = 10_000;
    private static final long GRACE = 5_000;

    private static Tuple4<String, String, Long, LatencyTally> tally(long window, long... durations) {
        LatencyTally tally = new LatencyTally();
        for (long duration : durations) {
            tally.add(duration, true);
        }
        return Tuple4.of("key", "Sign", window, tally);
    }

    private static KeyedOneInputStreamOperatorTestHarness<
                    Tuple2<String, String>, Tuple4<String, String, Long, LatencyTally>, Emission>
            windows() throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new LatencyWindows(WINDOW, GRACE)),
                tally -> Tuple2.of(tally.f0, tally.f1),
                Types.TUPLE(Types.STRING, Types.STRING));
        harness.open();
        return harness;
    }

    private static List<JsonNode> results(List<Emission> emissions) throws Exception {
        List<JsonNode> results = new ArrayList<>();
        for (Emission emission : emissions) {
            results.add(JsonMapper.builder().build().readTree(emission.value));
        }
        return results;
    }

    @Test
    void theWatermarkClosesAWindow() throws Exception {
        try (var harness = windows()) {
            // Given
            harness.processElement(tally(0, 100, 200), 0);
            harness.processElement(tally(0, 300), 0);
            harness.processElement(tally(WINDOW, 1), WINDOW);

            // When
            harness.processWatermark(WINDOW - 1);

            // Then
            List<JsonNode> results = results(harness.extractOutputValues());
            assertThat(results).hasSize(1);
            assertThat(results.get(0).path("count").asLong()).isEqualTo(3);
            assertThat(results.get(0).path("window_end").asLong()).isEqualTo(WINDOW);
            assertThat(results.get(0).path("p50_us").asLong()).isBetween(198L, 202L);
        }
    }

    @Test
    void aQuietStreamClosesItByTheClock() throws Exception {
        try (var harness = windows()) {
            // Given
            harness.setProcessingTime(1000);
            harness.processElement(tally(0, 100), 0);

            // When
            harness.setProcessingTime(1000 + WINDOW + GRACE);
            harness.processWatermark(WINDOW);

            // Then
            assertThat(results(harness.extractOutputValues())).hasSize(1);
        }
    }

    @Test
    void whatComesLateIsToldAsAFurtherResult() throws Exception {
        try (var harness = windows()) {
            // Given
            harness.processElement(tally(0, 100, 100), 0);
            harness.processWatermark(WINDOW * 2);
            harness.processElement(tally(0, 100), 0);

            // When
            harness.setProcessingTime(WINDOW + GRACE);

            // Then
            List<JsonNode> results = results(harness.extractOutputValues());
            assertThat(results)
                    .extracting(result -> result.path("count").asLong())
                    .containsExactly(2L, 1L);
            assertThat(results)
                    .extracting(result -> result.path("uid").asText())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void theBundlerPassesOnAtEachWatermarkAndBeforeACheckpoint() throws Exception {
        try (var harness = new OneInputStreamOperatorTestHarness<>(new LatencyBundler(WINDOW))) {
            // Given
            harness.open();
            harness.processElement(event(1), 1);
            harness.processElement(event(2), 2);

            // When
            harness.prepareSnapshotPreBarrier(1);
            harness.processElement(event(3), 3);
            harness.processWatermark(3);

            // Then
            assertThat(harness.extractOutputValues())
                    .extracting(tally -> tally.f3.calls)
                    .containsExactly(2L, 1L);
        }
    }

    private static KeyEvent event(long time) {
        KeyEvent event = new KeyEvent();
        event.kind = KeyEvent.OPERATION;
        event.key = "key";
        event.operation = "Sign";
        event.time = time;
        event.durationUs = 100;
        event.success = true;
        return event;
    }

    @Test
    void aTallySurvivesItsBytes() throws Exception {
        // Given
        LatencyTally tally = new LatencyTally();
        for (int i = 1; i <= 1000; i++) {
            tally.add(i, i % 10 != 0);
        }
        DataOutputSerializer out = new DataOutputSerializer(64);

        // When
        LatencyTallySerializer.INSTANCE.serialize(tally, out);
        LatencyTally read =
                LatencyTallySerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        read.merge(tally);

        // Then
        assertThat(read.calls).isEqualTo(2000);
        assertThat(read.failures).isEqualTo(200);
        assertThat(read.quantile(0.99)).isBetween(984L, 996L);
    }
}
