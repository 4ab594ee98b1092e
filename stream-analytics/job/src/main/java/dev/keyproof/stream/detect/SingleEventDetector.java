package dev.keyproof.stream.detect;

import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Findings.Detector;
import dev.keyproof.stream.emit.Findings.Sighting;
import dev.keyproof.stream.emit.Uid;
import dev.keyproof.stream.read.KeyEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * What one event tells by itself: bytes that are none, a cloud's key that is about to be lost, a token that was tampered with, a glass that
 * was broken or not reviewed in time, a policy that could not decide.
 */
final class SingleEventDetector extends RichFlatMapFunction<KeyEvent, Emission> {
    private static final long serialVersionUID = 1;

    private static final Set<String> LOSSES = Set.of("DisableKey", "ScheduleKeyDeletion", "ScheduleDestruction");
    private static final String AWS_KMS = "kms.amazonaws.com";
    private static final String BROKER = "keyproof-broker";
    private static final String DEVICE_TAMPERED = "DeviceTampered";
    private static final String POLICY_REFUSED = "RefusePolicy";

    private static final String GLASS_BROKEN = "BreakGlass";
    /** What the broker says of an elevation or of who approves, and the detector for it; one that is notified of may have no outcome yet. */
    private static final Map<String, Detector> ELEVATIONS = Map.of(
            "NoticeBreakGlass", Catalogue.GLASS_BROKEN,
            "ApproverTampered", Catalogue.APPROVERS_TAMPERED,
            "BreakGlassReviewOverdue", Catalogue.REVIEW_OVERDUE,
            "ElevationUnfounded", Catalogue.ELEVATION_UNFOUNDED);

    private transient Findings findings;
    /** By operation, the hour of which it was last told; forgotten at a restart, where it is told again under the same uid. */
    private transient Map<String, Long> undecided;

    @SuppressWarnings("NullAway.Init") // opened before use
    SingleEventDetector() {}

    @Override
    public void open(OpenContext context) {
        findings = new Findings();
        undecided = new HashMap<>();
    }

    @Override
    public void flatMap(KeyEvent event, Collector<Emission> out) {
        String fault = event.fault;
        if (fault != null) {
            out.collect(malformed(event, fault));
        } else if (event.undecided) {
            policyError(event, out);
        } else if (event.kind == KeyEvent.OBSERVED
                && event.success
                && LOSSES.contains(event.operation)
                && event.service.equals(AWS_KMS)) {
            out.collect(keyLoss(event));
        } else if (event.kind == KeyEvent.OTHER
                && event.operation.equals(DEVICE_TAMPERED)
                && event.service.equals(BROKER)) {
            out.collect(deviceTampered(event));
        } else if (event.kind == KeyEvent.OTHER
                && event.operation.equals(POLICY_REFUSED)
                && event.service.equals(BROKER)) {
            out.collect(policyRefused(event));
        } else if (event.service.equals(BROKER)) {
            elevation(event, out);
        }
    }

    private void elevation(KeyEvent event, Collector<Emission> out) {
        if (event.kind == KeyEvent.OPERATION && event.success && event.operation.equals(GLASS_BROKEN)) {
            out.collect(elevation(Catalogue.GLASS_BROKEN, event));
        } else if (event.kind == KeyEvent.OTHER && ELEVATIONS.containsKey(event.operation)) {
            out.collect(elevation(ELEVATIONS.get(event.operation), event));
        }
    }

    /** One finding for each elevation, however often the broker tells of it. */
    private Emission elevation(Detector detector, KeyEvent event) {
        return findings.detection(
                detector,
                new Sighting(
                        Uid.of(detector.id(), event.key.isEmpty() ? event.uid : event.key),
                        event.time,
                        event.time,
                        event.time,
                        1,
                        Severity.CRITICAL,
                        true,
                        detector.title(),
                        new Resource(
                                event.key.isEmpty() ? event.uid : event.key, null, "elevation", null, null, null, null),
                        event.run,
                        findings.object().put("event", event.uid).put("actor", event.actor)));
    }

    private Emission malformed(KeyEvent event, String fault) {
        return findings.detection(
                Catalogue.MALFORMED,
                new Sighting(
                        Uid.of(Catalogue.MALFORMED.id(), event.place),
                        event.time,
                        event.time,
                        event.time,
                        1,
                        Severity.MEDIUM,
                        false,
                        "Record is not an event: " + fault,
                        new Resource(event.place, null, "kafka-record", null, null, null, null),
                        null,
                        findings.object().put("place", event.place).put("fault", fault)));
    }

    private Emission keyLoss(KeyEvent event) {
        return findings.detection(
                Catalogue.CLOUD_KEY_LOSS,
                new Sighting(
                        Uid.of(Catalogue.CLOUD_KEY_LOSS.id(), event.uid),
                        event.time,
                        event.time,
                        event.time,
                        1,
                        event.operation.equals("DisableKey") ? Severity.HIGH : Severity.CRITICAL,
                        true,
                        event.operation + " succeeded in AWS KMS",
                        Resource.key(event.key.isEmpty() ? "unknown" : event.key, null, null),
                        event.run,
                        findings.object()
                                .put("operation", event.operation)
                                .put("actor", event.actor)
                                .put("event", event.uid)));
    }

    /** One for each hour and operation: where policy is broken, it may be so for every call. */
    private void policyError(KeyEvent event, Collector<Emission> out) {
        long hour = TimeUnit.MILLISECONDS.toHours(event.time);
        Long told = undecided.put(event.operation, hour);
        if (told != null && told == hour) {
            return;
        }
        out.collect(findings.detection(
                Catalogue.POLICY_ERROR,
                new Sighting(
                        Uid.of(Catalogue.POLICY_ERROR.id(), event.operation, hour),
                        event.time,
                        event.time,
                        event.time,
                        1,
                        Severity.HIGH,
                        true,
                        "Policy has no answer to " + event.operation,
                        new Resource(event.operation, null, "operation", null, null, null, null),
                        event.run,
                        findings.object().put("event", event.uid).put("actor", event.actor))));
    }

    /** The event says why; it stands in the log under its uid. */
    private Emission policyRefused(KeyEvent event) {
        return findings.detection(
                Catalogue.POLICY_REFUSED,
                new Sighting(
                        Uid.of(Catalogue.POLICY_REFUSED.id(), event.uid),
                        event.time,
                        event.time,
                        event.time,
                        1,
                        Severity.HIGH,
                        true,
                        "The broker does not use the policy that was put in place; the last one stays in force",
                        new Resource(event.uid, null, "record", null, null, null, null),
                        event.run,
                        findings.object().put("event", event.uid)));
    }

    /** The event says which object; it stands in the log under its uid. */
    private Emission deviceTampered(KeyEvent event) {
        return findings.detection(
                Catalogue.DEVICE_TAMPERED,
                new Sighting(
                        Uid.of(Catalogue.DEVICE_TAMPERED.id(), event.uid),
                        event.time,
                        event.time,
                        event.time,
                        1,
                        Severity.CRITICAL,
                        true,
                        "The broker read back from a token what nobody ordered",
                        new Resource(event.uid, null, "record", null, null, null, null),
                        event.run,
                        findings.object().put("event", event.uid)));
    }
}
