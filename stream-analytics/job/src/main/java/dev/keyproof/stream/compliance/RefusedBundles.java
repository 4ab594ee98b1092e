package dev.keyproof.stream.compliance;

import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Findings.Detector;
import dev.keyproof.stream.emit.Findings.Sighting;
import dev.keyproof.stream.emit.Uid;
import dev.keyproof.stream.read.KeyEvent;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a policy that was put in place and that this job does not use, whether events come or not. It stands beside the events for want of
 * a stream of its own, and the first of its tasks alone looks.
 */
public final class RefusedBundles extends AbstractStreamOperator<Emission>
        implements OneInputStreamOperator<KeyEvent, Emission> {
    private static final long serialVersionUID = 1;
    private static final long EACH_MS = 1_000;
    private static final Detector DETECTOR = new Detector(
            "stream-policy-refused", "A policy was put in place that the stream job does not use", 1, "1", List.of());

    private final Rules.Source source;
    private transient @Nullable BundleWatch watch;
    private transient Findings findings;

    @SuppressWarnings("NullAway.Init") // opened before use
    RefusedBundles(Rules.Source source) {
        this.source = source;
    }

    /** An alert for each bundle that is refused. */
    public static DataStream<Emission> of(DataStream<KeyEvent> events, Rules.Source rules) {
        return events.transform("refused policies", TypeInformation.of(Emission.class), new RefusedBundles(rules))
                .uid("refused-policies");
    }

    @Override
    public void open() throws Exception {
        super.open();
        findings = new Findings();
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            watch = source.watch().orElse(null);
        }
        if (watch != null) {
            later(getProcessingTimeService().getCurrentProcessingTime());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What it throws fails the task; there is nothing to wait for.
    private void later(long now) {
        getProcessingTimeService().registerTimer(now + EACH_MS, this::look);
    }

    private void look(long now) {
        BundleWatch looking = watch;
        if (looking == null) {
            return;
        }
        // Whoever judges by it loads it for itself.
        looking.take();
        BundleWatch.Refused refused = looking.takeRefused();
        if (refused != null) {
            output.collect(new StreamRecord<>(told(refused, now), now));
        }
        later(now);
    }

    /** The same bundle is the same finding, after a restart as well. */
    private Emission told(BundleWatch.Refused refused, long now) {
        return findings.detection(
                DETECTOR,
                new Sighting(
                        Uid.of(DETECTOR.id(), refused.bundle()),
                        now,
                        now,
                        now,
                        1,
                        Severity.HIGH,
                        true,
                        "The stream job does not use the policy that was put in place: " + refused.reason()
                                + ". The last one stays in force.",
                        new Resource(refused.bundle(), null, "policy", null, null, null, null),
                        null,
                        findings.object().put("bundle", refused.bundle()).put("reason", refused.reason())));
    }

    @Override
    public void processElement(StreamRecord<KeyEvent> element) {
        // Nothing in an event says how this job stands.
    }

    @Override
    public void close() throws Exception {
        if (watch != null) {
            watch.close();
        }
        super.close();
    }
}
