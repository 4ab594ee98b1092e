package dev.keyproof.stream.compliance;

import dev.keyproof.stream.read.KeyEvent;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Counts what callers do where events are read, and passes the counts on with each watermark and before each checkpoint. So a busy account
 * costs no more than an idle one, and there is nothing to restore here.
 */
final class AccountBundler extends AbstractStreamOperator<Told> implements OneInputStreamOperator<KeyEvent, Told> {
    private static final long serialVersionUID = 1;

    /** Held at most before they are passed on whatever the time. */
    private static final int MOST = 4_096;

    private static final String BROKER = "keyproof-broker";

    private transient Map<Act, Told> acts;

    private record Act(String account, String operation, String roles, String ending) {}

    @SuppressWarnings("NullAway.Init") // opened before use
    AccountBundler() {}

    @Override
    public void open() throws Exception {
        super.open();
        acts = new HashMap<>();
    }

    @Override
    public void processElement(StreamRecord<KeyEvent> element) {
        KeyEvent event = element.getValue();
        if (event.kind != KeyEvent.OPERATION || !event.service.equals(BROKER) || event.actor.isEmpty()) {
            return;
        }
        Told told = Told.act(event);
        Act act = new Act(told.id, told.operation, told.roles, told.ending);
        Told before = acts.get(act);
        if (before == null && acts.size() >= MOST) {
            flush();
        }
        told.count = event.count + (before == null ? 0 : before.count);
        if (before != null && before.time > told.time) {
            told.time = before.time;
            told.event = before.event;
            told.run = before.run;
        }
        acts.put(act, told);
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
        acts.values().forEach(told -> output.collect(new StreamRecord<>(told, told.time)));
        acts.clear();
    }
}
