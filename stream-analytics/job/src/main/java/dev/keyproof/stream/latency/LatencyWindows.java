package dev.keyproof.stream.latency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Uid;
import dev.keyproof.stream.read.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Tumbling windows per key and operation. A window is closed by the watermark, or, where the stream falls quiet, once as much
 * processing time has passed since its first event. What comes for a window after that is told as a further result of the same
 * window, so that counts over results always add up to the events.
 */
public final class LatencyWindows
        extends KeyedProcessFunction<Tuple2<String, String>, Tuple4<String, String, Long, LatencyTally>, Emission> {
    private static final long serialVersionUID = 1;

    private final long windowMs;
    private final long graceMs;

    private transient ObjectMapper json;
    private transient MapState<Long, LatencyTally> open;
    private transient ValueState<Long> results;

    @SuppressWarnings("NullAway.Init") // opened before use
    LatencyWindows(long windowMs, long graceMs) {
        this.windowMs = windowMs;
        this.graceMs = graceMs;
    }

    /** The windows of a stream of events. */
    public static DataStream<Emission> of(DataStream<KeyEvent> events, long windowMs, long graceMs) {
        return events.transform(
                        "tally latency",
                        Types.TUPLE(Types.STRING, Types.STRING, Types.LONG, new LatencyTallyType()),
                        new LatencyBundler(windowMs))
                .uid("latency-bundler")
                .keyBy(
                        (KeySelector<Tuple4<String, String, Long, LatencyTally>, Tuple2<String, String>>)
                                tally -> Tuple2.of(tally.f0, tally.f1),
                        Types.TUPLE(Types.STRING, Types.STRING))
                .process(new LatencyWindows(windowMs, graceMs))
                .uid("latency-windows")
                .name("latency windows");
    }

    @Override
    public void open(OpenContext context) {
        json = JsonMapper.builder().build();
        open = getRuntimeContext().getMapState(new MapStateDescriptor<>("open", Types.LONG, new LatencyTallyType()));
        results = getRuntimeContext().getState(new ValueStateDescriptor<>("results", Types.LONG));
    }

    @Override
    public void processElement(
            Tuple4<String, String, Long, LatencyTally> tally, Context context, Collector<Emission> out)
            throws Exception {
        long end = tally.f2 + windowMs;
        LatencyTally window = open.get(tally.f2);
        if (window == null) {
            window = new LatencyTally();
            window.deadline = context.timerService().currentProcessingTime() + windowMs + graceMs;
            context.timerService().registerProcessingTimeTimer(window.deadline);
            if (end > context.timerService().currentWatermark()) {
                context.timerService().registerEventTimeTimer(end - 1);
            }
        }
        window.merge(tally.f3);
        open.put(tally.f2, window);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Emission> out) throws Exception {
        boolean byWatermark = context.timeDomain() == org.apache.flink.streaming.api.TimeDomain.EVENT_TIME;
        List<Map.Entry<Long, LatencyTally>> due = new ArrayList<>();
        for (Map.Entry<Long, LatencyTally> window : open.entries()) {
            boolean closed = byWatermark ? window.getKey() + windowMs - 1 == time : window.getValue().deadline <= time;
            if (closed) {
                due.add(Map.entry(window.getKey(), window.getValue()));
            }
        }
        due.sort(Map.Entry.comparingByKey());
        for (Map.Entry<Long, LatencyTally> window : due) {
            out.collect(result(context.getCurrentKey(), window.getKey(), window.getValue()));
            open.remove(window.getKey());
        }
    }

    private Emission result(Tuple2<String, String> key, long start, LatencyTally tally) throws Exception {
        Long before = results.value();
        long number = before == null ? 0 : before;
        results.update(number + 1);
        return new Emission(Emission.SLO, false, key.f0, bytes(key, start, tally, number));
    }

    private byte[] bytes(Tuple2<String, String> key, long start, LatencyTally tally, long number)
            throws JsonProcessingException {
        return json.writeValueAsBytes(json.createObjectNode()
                .put("key", key.f0)
                .put("operation", key.f1)
                .put("window_start", start)
                .put("window_end", start + windowMs)
                .put("count", tally.calls)
                .put("failures", tally.failures)
                .put("p50_us", tally.quantile(0.50))
                .put("p95_us", tally.quantile(0.95))
                .put("p99_us", tally.quantile(0.99))
                .put("uid", Uid.of("latency", key.f0, key.f1, start, number)));
    }
}
