package dev.keyproof.stream.latency;

import dev.keyproof.stream.read.KeyEvent;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Tallies events where they are read, and passes the tallies on with each watermark and before each checkpoint. So keyed state
 * is touched a few times a second per key and not for each event, and there is nothing to restore here.
 */
final class LatencyBundler extends AbstractStreamOperator<Tuple4<String, String, Long, LatencyTally>>
        implements OneInputStreamOperator<KeyEvent, Tuple4<String, String, Long, LatencyTally>> {
    private static final long serialVersionUID = 1;

    /** Sketches held at most before they are passed on whatever the time. */
    private static final int MAX_TALLIES = 4_096;

    private final long windowMs;
    private transient Map<Slot, LatencyTally> tallies;

    private record Slot(String key, String operation, long window) {}

    @SuppressWarnings("NullAway.Init") // opened before use
    LatencyBundler(long windowMs) {
        this.windowMs = windowMs;
    }

    @Override
    public void open() throws Exception {
        super.open();
        tallies = new HashMap<>();
    }

    @Override
    public void processElement(StreamRecord<KeyEvent> element) {
        KeyEvent event = element.getValue();
        if (!event.finished() || event.durationUs < 0) {
            return;
        }
        Slot slot = new Slot(event.key, event.operation, Math.floorDiv(event.time, windowMs) * windowMs);
        LatencyTally tally = tallies.get(slot);
        if (tally == null) {
            if (tallies.size() >= MAX_TALLIES) {
                flush();
            }
            tally = new LatencyTally();
            tallies.put(slot, tally);
        }
        tally.add(event.durationUs, event.success);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    private void flush() {
        tallies.forEach((slot, tally) -> output.collect(
                new StreamRecord<>(Tuple4.of(slot.key, slot.operation, slot.window, tally), slot.window)));
        tallies.clear();
    }
}
