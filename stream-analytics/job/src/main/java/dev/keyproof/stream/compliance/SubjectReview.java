package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.history.AccountAct;
import dev.keyproof.policy.history.AccountHistory;
import dev.keyproof.policy.history.Happening;
import dev.keyproof.policy.history.InstallationHistory;
import dev.keyproof.policy.history.OpenIntent;
import dev.keyproof.policy.history.SubjectInput;
import dev.keyproof.policy.history.TokenHistory;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Uid;
import dev.keyproof.stream.read.KeyEvent;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.FlatMapFunction;
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

/**
 * Evaluates the rules for accounts, tokens and the installation a moment after something new was told of one, and again after each review
 * period. What only counts higher evaluates nothing.
 */
public final class SubjectReview extends KeyedProcessFunction<String, Told, Emission> {
    private static final long serialVersionUID = 1;

    /** What is new within this time is judged together. */
    static final long SOON_MS = 1_000;

    /** No rule looks further back on an account: policy's bounds let its windows reach 1095 days. */
    private static final long FORGOTTEN_MS = TimeUnit.DAYS.toMillis(1_096);

    private final Rules.Source source;
    private final long reviewMs;

    private transient ObjectMapper json;
    private transient Rules rules;
    private transient Verdicts verdicts;
    private transient ValueState<Told> latest;
    private transient ValueState<byte[]> memory;
    private transient MapState<String, OpenIntent> open;
    private transient ValueState<Long> nextReview;

    @SuppressWarnings("NullAway.Init") // opened before use
    SubjectReview(Rules.Source source, long reviewMs) {
        this.source = source;
        this.reviewMs = reviewMs;
    }

    /** Compliance findings on everything but keys. */
    public static DataStream<Emission> of(DataStream<KeyEvent> events, Rules.Source rules, long reviewMs) {
        DataStream<Told> acts = events.transform(
                        "acts of accounts", TypeInformation.of(Told.class), new AccountBundler())
                .uid("account-acts");
        DataStream<Told> told =
                events.flatMap(new OfBrokers(), TypeInformation.of(Told.class)).name("what brokers tell");
        return acts.union(told)
                .keyBy((KeySelector<Told, String>) Told::place, Types.STRING)
                .process(new SubjectReview(rules, reviewMs), TypeInformation.of(Emission.class))
                .uid("subject-review")
                .name("subject review");
    }

    /** Whom an event of a broker concerns. */
    static final class OfBrokers implements FlatMapFunction<KeyEvent, Told> {
        private static final long serialVersionUID = 1;
        private static final JsonMapper JSON = JsonMapper.builder().build();

        @Override
        public void flatMap(KeyEvent event, Collector<Told> out) throws IOException {
            byte[] whole = event.whole;
            if (whole == null) {
                return;
            }
            Optional<Happening> happening = Happening.of(JSON.readTree(whole));
            if (happening.isPresent()) {
                out.collect(Told.whole(Told.INSTALLATION, Told.INSTALLATION, event, whole));
                String token = happening.get().token();
                if (!token.isEmpty()) {
                    out.collect(Told.whole(Told.TOKEN, token, event, whole));
                }
            }
        }
    }

    @Override
    public void open(OpenContext context) throws Exception {
        json = JsonMapper.builder().build();
        latest = getRuntimeContext().getState(new ValueStateDescriptor<>("latest", TypeInformation.of(Told.class)));
        memory = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("memory", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        open = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("open", Types.STRING, TypeInformation.of(OpenIntent.class)));
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
    public void processElement(Told told, Context context, Collector<Emission> out) throws Exception {
        boolean fresh = told.subject.equals(Told.ACCOUNT) ? act(told) : happening(told);
        Told before = latest.value();
        if (before == null || before.time <= told.time) {
            latest.update(brief(told));
        }
        long now = context.timerService().currentProcessingTime();
        Long planned = nextReview.value();
        if (planned == null || (fresh && planned > now + SOON_MS)) {
            plan(context, fresh ? now + SOON_MS : now + reviewMs);
        }
    }

    /** Without what the memory has. */
    private static Told brief(Told told) {
        Told brief = new Told();
        brief.subject = told.subject;
        brief.id = told.id;
        brief.event = told.event;
        brief.time = told.time;
        brief.run = told.run;
        return brief;
    }

    private boolean act(Told told) throws Exception {
        AccountHistory history = AccountHistory.of(remembered());
        boolean fresh = history.add(new AccountAct(
                told.id, told.operation, AccountAct.Ending.valueOf(told.ending), told.roles, told.count, told.time));
        keep(history.json());
        return fresh;
    }

    private boolean happening(Told told) throws Exception {
        Happening event = Happening.of(json.readTree(told.whole)).orElseThrow();
        if (told.subject.equals(Told.TOKEN)) {
            TokenHistory history = TokenHistory.of(remembered());
            history.add(event);
            keep(history.json());
            return true;
        }
        if (event.kind().equals("intent")) {
            open.put(event.event(), new OpenIntent(event.event(), event.operation(), event.time()));
            return false;
        }
        if (!event.intent().isEmpty()) {
            open.remove(event.intent());
        }
        if (!InstallationHistory.concerns(event)) {
            return false;
        }
        InstallationHistory history = InstallationHistory.of(remembered());
        history.add(event);
        keep(history.json());
        return true;
    }

    private JsonNode remembered() throws IOException {
        byte[] kept = memory.value();
        return kept == null ? MissingNode.getInstance() : json.readTree(kept);
    }

    private void keep(JsonNode told) throws IOException {
        memory.update(json.writeValueAsBytes(told));
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Emission> out) throws Exception {
        Told of = latest.value();
        if (of != null) {
            long at = Math.max(time, of.time);
            boolean sound = review(of, at, out);
            if (sound && of.subject.equals(Told.ACCOUNT) && at - of.time > FORGOTTEN_MS) {
                forget();
            } else {
                plan(context, time + reviewMs);
            }
        }
    }

    /** Of an account that was silent for so long nothing is kept, unless it fails: of one that left, policy says so. */
    private void forget() {
        latest.clear();
        memory.clear();
        nextReview.clear();
        verdicts.forget();
    }

    private void plan(Context context, long at) throws IOException {
        Long planned = nextReview.value();
        if (planned != null) {
            context.timerService().deleteProcessingTimeTimer(planned);
        }
        context.timerService().registerProcessingTimeTimer(at);
        nextReview.update(at);
    }

    private boolean review(Told of, long at, Collector<Emission> out) throws Exception {
        ObjectNode told = switch (of.subject) {
            case Told.ACCOUNT -> AccountHistory.of(remembered()).input(of.id);
            case Told.TOKEN -> TokenHistory.of(remembered()).input(of.id);
            default -> InstallationHistory.of(remembered()).input(open.values());
        };
        long since = of.subject.equals(Told.ACCOUNT) ? told.path("first").asLong() * 1_000 : 0;
        return verdicts.judge(
                SubjectInput.of(of.subject, told, at),
                new Judged(
                        of.subject,
                        of.id,
                        of.event,
                        of.time,
                        of.run,
                        "",
                        Uid.digest(json.writeValueAsBytes(told)),
                        since,
                        at),
                out);
    }
}
