package dev.keyproof.stream.detect;

import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Findings.Sighting;
import dev.keyproof.stream.emit.Uid;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** One caller refused again and again, on whatever keys. Sees refused calls only, keyed by caller. */
final class DenialDetector extends KeyedProcessFunction<String, KeyUse, Emission> {
    private static final long serialVersionUID = 1;

    private final Limits.Denials limits;

    private transient Findings findings;
    private transient ValueState<SlidingCount> denials;

    @SuppressWarnings("NullAway.Init") // opened before use
    DenialDetector(Limits.Denials limits) {
        this.limits = limits;
    }

    @Override
    public void open(OpenContext context) {
        findings = new Findings();
        denials = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("denials", TypeInformation.of(SlidingCount.class)));
    }

    @Override
    public void processElement(KeyUse use, Context context, Collector<Emission> out) throws Exception {
        SlidingCount count = denials.value();
        if (count == null) {
            count = new SlidingCount();
        }
        SlidingCount.Window window = count.add(use.time, 1, use.key, limits.seconds() * 1000L, limits.limit());
        denials.update(count);
        if (!window.crossed()) {
            return;
        }
        var detail = findings.object()
                .put("actor", use.actor)
                .put("limit", limits.limit())
                .put("seconds", limits.seconds())
                .put("event", use.uid);
        for (String key : count.names) {
            detail.withArray("keys").add(key);
        }
        out.collect(findings.detection(
                Catalogue.DENIALS,
                new Sighting(
                        Uid.of(Catalogue.DENIALS.id(), use.actor, window.start()),
                        use.time,
                        window.start(),
                        use.time,
                        window.count(),
                        Severity.MEDIUM,
                        true,
                        "More than " + limits.limit() + " calls of one caller refused within " + limits.seconds()
                                + " s",
                        new Resource(use.actor, null, "actor", null, null, null, null),
                        use.run,
                        detail)));
    }
}
