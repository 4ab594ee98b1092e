package dev.keyproof.stream.detect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Findings.Sighting;
import dev.keyproof.stream.emit.Uid;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** What can be told from one key's events: bursts, and uses after the key was taken out of service. */
final class KeyDetector extends KeyedProcessFunction<String, KeyUse, Emission> {
    private static final long serialVersionUID = 1;

    private static final Set<String> OUT_OF_SERVICE =
            Set.of("DisableKey", "DestroyKey", "ScheduleDestruction", "ScheduleKeyDeletion");
    private static final Set<String> IN_SERVICE = Set.of("EnableKey", "CancelDestruction", "CancelKeyDeletion");

    private final Limits limits;

    private transient Findings findings;
    private transient MapState<String, SlidingCount> counts;
    private transient ValueState<OutOfService> outOfService;

    /** When and by which event a key was taken out of service. A Flink POJO. */
    public static final class OutOfService {
        public String uid = "";
        public long time;
        public boolean told;

        public OutOfService() {}
    }

    @SuppressWarnings("NullAway.Init") // opened before use
    KeyDetector(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void open(OpenContext context) {
        findings = new Findings();
        counts = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("counts", Types.STRING, TypeInformation.of(SlidingCount.class)));
        outOfService = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("out-of-service", TypeInformation.of(OutOfService.class)));
    }

    @Override
    public void processElement(KeyUse use, Context context, Collector<Emission> out) throws Exception {
        Integer limit = limits.burst().limits().get(use.operation);
        if (limit != null) {
            count(use, limit, out);
        }
        if (use.use) {
            watch(use, out);
        } else if (use.success && OUT_OF_SERVICE.contains(use.operation)) {
            OutOfService since = new OutOfService();
            since.uid = use.uid;
            since.time = use.time;
            outOfService.update(since);
        } else if (use.success && IN_SERVICE.contains(use.operation)) {
            outOfService.clear();
        }
    }

    private void count(KeyUse use, int limit, Collector<Emission> out) throws Exception {
        long windowMs = limits.burst().seconds() * 1000L;
        SlidingCount count = counts.get(use.operation);
        if (count == null) {
            count = new SlidingCount();
        }
        SlidingCount.Window window = count.add(use.time, use.count, use.actor, windowMs, limit);
        counts.put(use.operation, count);
        if (!window.crossed()) {
            return;
        }
        ObjectNode detail = findings.object()
                .put("operation", use.operation)
                .put("limit", limit)
                .put("seconds", limits.burst().seconds())
                .put("event", use.uid);
        for (String actor : count.names) {
            detail.withArray("actors").add(actor);
        }
        out.collect(findings.detection(
                Catalogue.BURST,
                new Sighting(
                        Uid.of(Catalogue.BURST.id(), use.key, use.operation, window.start()),
                        use.time,
                        window.start(),
                        use.time,
                        window.count(),
                        Severity.HIGH,
                        true,
                        "More than " + limit + " " + use.operation + " on one key within "
                                + limits.burst().seconds() + " s",
                        Resource.key(use.key, null, null),
                        use.run,
                        detail)));
    }

    private void watch(KeyUse use, Collector<Emission> out) throws Exception {
        OutOfService since = outOfService.value();
        if (since == null || use.time <= since.time) {
            return;
        }
        if (use.time - since.time > limits.afterDisable().seconds() * 1000L) {
            outOfService.clear();
            return;
        }
        if (since.told || (!use.denied && !use.success)) {
            return;
        }
        since.told = true;
        outOfService.update(since);
        ObjectNode detail = findings.object()
                .put("operation", use.operation)
                .put("actor", use.actor)
                .put("denied", use.denied)
                .put("event", use.uid)
                .put("outOfServiceBy", since.uid);
        out.collect(findings.detection(
                Catalogue.AFTER_DISABLE,
                new Sighting(
                        Uid.of(Catalogue.AFTER_DISABLE.id(), use.key, since.uid),
                        use.time,
                        since.time,
                        use.time,
                        1,
                        use.denied ? Severity.MEDIUM : Severity.HIGH,
                        true,
                        use.operation + (use.denied ? " refused " : " done ") + (use.time - since.time)
                                + " ms after the key was taken out of service",
                        Resource.key(use.key, null, null),
                        use.run,
                        detail)));
    }
}
