package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.read.KeyEvent;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Evaluates the rules whenever a key's state changes, and again after each review period for what time alone breaks. Emits a
 * finding for each rule whose verdict is new: another status, or the same status by another policy or other parameters.
 */
public final class ComplianceReview extends KeyedProcessFunction<String, KeyState, Emission> {
    private static final long serialVersionUID = 1;

    private final Rules.Source source;
    private final long reviewMs;

    private transient ObjectMapper json;
    private transient Findings findings;
    private transient Rules rules;
    private transient ValueState<KeyState> known;
    private transient ValueState<Long> nextReview;
    private transient MapState<String, Verdict> verdicts;

    @SuppressWarnings("NullAway.Init") // opened before use
    ComplianceReview(Rules.Source source, long reviewMs) {
        this.source = source;
        this.reviewMs = reviewMs;
    }

    /** Compliance findings of a stream of events. */
    public static DataStream<Emission> of(DataStream<KeyEvent> events, Rules.Source rules, long reviewMs) {
        return events.filter((FilterFunction<KeyEvent>) ComplianceReview::tellsState)
                .name("changed keys")
                .map((MapFunction<KeyEvent, KeyState>) ComplianceReview::state)
                .returns(TypeInformation.of(KeyState.class))
                .name("key state")
                .keyBy((KeySelector<KeyState, String>) state -> state.key, Types.STRING)
                .process(new ComplianceReview(rules, reviewMs), TypeInformation.of(Emission.class))
                .uid("compliance-review")
                .name("compliance review");
    }

    private static boolean tellsState(KeyEvent event) {
        return event.kind == KeyEvent.OPERATION && event.success && event.state != null && !event.key.isEmpty();
    }

    private static KeyState state(KeyEvent event) {
        KeyState state = new KeyState();
        state.key = event.key;
        state.time = event.time;
        state.event = event.uid;
        state.run = event.run;
        byte[] told = event.state;
        state.json = told == null ? new byte[0] : told;
        return state;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        json = JsonMapper.builder().build();
        findings = new Findings();
        known = getRuntimeContext().getState(new ValueStateDescriptor<>("known", TypeInformation.of(KeyState.class)));
        nextReview = getRuntimeContext().getState(new ValueStateDescriptor<>("next-review", Types.LONG));
        verdicts = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("verdicts", Types.STRING, TypeInformation.of(Verdict.class)));
        rules = source.open();
    }

    @Override
    public void close() {
        if (rules != null) {
            rules.close();
        }
    }

    @Override
    public void processElement(KeyState state, Context context, Collector<Emission> out) throws Exception {
        KeyState before = known.value();
        if (before != null && before.time > state.time) {
            return;
        }
        known.update(state);
        review(state, state.time, out);
        schedule(context, context.timerService().currentProcessingTime());
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
        input.set("time", PolicyTime.of(at));
        List<RuleResult> results;
        try {
            results = rules.evaluate(input);
        } catch (PolicyException e) {
            // Rules that cannot read one key's state must not stop the watch over all others.
            out.collect(RuleFinding.notEvaluated(findings, state, at, String.valueOf(e.getMessage())));
            return;
        }
        for (RuleResult result : results) {
            Verdict before = verdicts.get(result.rule());
            if (before != null
                    && before.status.equals(result.status().name())
                    && before.policy.equals(rules.policyDigest())
                    && before.data.equals(rules.dataDigest())) {
                continue;
            }
            Verdict verdict = new Verdict();
            verdict.status = result.status().name();
            verdict.policy = rules.policyDigest();
            verdict.data = rules.dataDigest();
            verdict.version = before == null ? 0 : before.version + 1;
            verdict.first = before == null ? at : before.first;
            verdicts.put(result.rule(), verdict);
            out.collect(RuleFinding.of(findings, state, at, result, before, verdict, results.size()));
        }
    }
}
