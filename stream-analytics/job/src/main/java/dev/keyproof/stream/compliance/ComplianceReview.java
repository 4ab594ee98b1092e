package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.PolicyTime;
import dev.keyproof.policy.history.KeyChange;
import dev.keyproof.policy.history.KeyHistory;
import dev.keyproof.policy.history.KeyUses;
import dev.keyproof.policy.history.Standing;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Uid;
import dev.keyproof.stream.read.KeyEvent;
import java.io.IOException;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the rules whenever a key is changed or that was tried, and again after each review period for what time alone breaks;
 * uses are only counted, so that a busy key costs no evaluations.
 */
public final class ComplianceReview extends KeyedProcessFunction<String, KeyOutcome, Emission> {
    private static final long serialVersionUID = 1;

    private final Rules.Source source;
    private final long reviewMs;

    private transient ObjectMapper json;
    private transient Rules rules;
    private transient ValueState<KeyState> known;
    private transient ValueState<byte[]> history;
    private transient ValueState<Standing> standing;
    private transient MapState<String, KeyUses> uses;
    private transient ValueState<Long> nextReview;
    private transient Verdicts verdicts;

    @SuppressWarnings("NullAway.Init") // opened before use
    ComplianceReview(Rules.Source source, long reviewMs) {
        this.source = source;
        this.reviewMs = reviewMs;
    }

    /** Compliance findings of a stream of events. */
    public static DataStream<Emission> of(DataStream<KeyEvent> events, Rules.Source rules, long reviewMs) {
        return events.filter((FilterFunction<KeyEvent>) KeyOutcome::isTold)
                .name("outcomes of keys")
                .map((MapFunction<KeyEvent, KeyOutcome>) KeyOutcome::of)
                .returns(TypeInformation.of(KeyOutcome.class))
                .name("key outcome")
                .keyBy((KeySelector<KeyOutcome, String>) outcome -> outcome.key, Types.STRING)
                .process(new ComplianceReview(rules, reviewMs), TypeInformation.of(Emission.class))
                .uid("compliance-review")
                .name("compliance review");
    }

    @Override
    public void open(OpenContext context) throws Exception {
        json = JsonMapper.builder().build();
        known = getRuntimeContext().getState(new ValueStateDescriptor<>("known", TypeInformation.of(KeyState.class)));
        history = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("history", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        standing = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("standing", TypeInformation.of(Standing.class)));
        uses = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("uses", Types.STRING, TypeInformation.of(KeyUses.class)));
        nextReview = getRuntimeContext().getState(new ValueStateDescriptor<>("next-review", Types.LONG));
        rules = source.open();
        verdicts = new Verdicts(getRuntimeContext(), rules, new Findings());
    }

    @Override
    public void close() {
        if (rules != null) {
            rules.close();
        }
    }

    @Override
    public void processElement(KeyOutcome outcome, Context context, Collector<Emission> out) throws Exception {
        if (outcome.use) {
            count(outcome);
            return;
        }
        remember(outcome);
        KeyState before = known.value();
        KeyState state = told(outcome, before);
        if (state == null || (before != null && before.time > outcome.time)) {
            return;
        }
        known.update(state);
        review(state, outcome.time, out);
        schedule(context, context.timerService().currentProcessingTime());
    }

    private void count(KeyOutcome outcome) throws Exception {
        Standing now = standing.value();
        KeyUses use = (now == null ? Standing.UNKNOWN : now)
                .use(outcome.operation, outcome.before, outcome.version, outcome.count, outcome.time);
        KeyUses before = uses.get(use.name());
        uses.put(use.name(), before == null ? use : before.and(use));
    }

    private void remember(KeyOutcome outcome) throws Exception {
        KeyHistory past = past();
        past.add(new KeyChange(
                outcome.operation,
                outcome.time,
                outcome.time + outcome.durationUs / 1000,
                outcome.before,
                outcome.version,
                outcome.intent,
                outcome.code,
                outcome.state.length == 0 ? KeyChange.NOTHING : json.readTree(outcome.state),
                outcome.detail.length == 0 ? KeyChange.NOTHING : json.readTree(outcome.detail)));
        history.update(json.writeValueAsBytes(past.json()));
        standing.update(past.standing());
    }

    private KeyHistory past() throws Exception {
        byte[] kept = history.value();
        return kept == null ? KeyHistory.empty() : KeyHistory.of(json.readTree(kept));
    }

    /** The key's state as this outcome leaves it; null where nobody told of one yet. */
    private static @Nullable KeyState told(KeyOutcome outcome, @Nullable KeyState before) {
        if (outcome.state.length == 0 && before == null) {
            return null;
        }
        KeyState state = new KeyState();
        state.key = outcome.key;
        state.time = outcome.time;
        state.event = outcome.event;
        state.run = outcome.run;
        state.json = outcome.state.length == 0 && before != null ? before.json : outcome.state;
        return state;
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Emission> out) throws Exception {
        KeyState state = known.value();
        if (state != null) {
            review(state, Math.max(time, state.time), out);
            schedule(context, time);
        }
    }

    private void schedule(Context context, long now) throws IOException {
        Long planned = nextReview.value();
        if (planned != null) {
            context.timerService().deleteProcessingTimeTimer(planned);
        }
        context.timerService().registerProcessingTimeTimer(now + reviewMs);
        nextReview.update(now + reviewMs);
    }

    private void review(KeyState state, long at, Collector<Emission> out) throws Exception {
        ObjectNode input = json.createObjectNode();
        JsonNode key = json.readTree(state.json);
        input.set("key", key);
        ObjectNode told = past().input(key.path("version").asInt(), uses.values());
        input.set("history", told);
        input.set("time", PolicyTime.of(at));
        verdicts.judge(
                input,
                new Judged(
                        "key",
                        state.key,
                        state.event,
                        state.time,
                        state.run,
                        Uid.digest(state.json),
                        Uid.digest(json.writeValueAsBytes(told)),
                        0,
                        at),
                out);
    }
}
