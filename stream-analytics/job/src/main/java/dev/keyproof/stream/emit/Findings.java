package dev.keyproof.stream.emit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.DetectionFinding;
import dev.keyproof.event.DetectionFinding.Attack;
import dev.keyproof.event.Event;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.event.FindingInfo;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the findings of this job. Not serialisable: an operator makes one when it opens. */
public final class Findings {
    /** The part of Keyproof that speaks. */
    public static final Product PRODUCT = Product.keyproof("stream-analytics");

    private static final int CREATE = 1;

    private final EventCodec codec = new EventCodec();

    /**
     * What a detector is.
     *
     * @param id stable, part of every uid
     * @param type OCSF analytic type: 1 rule, 2 behavioural, 3 statistical
     */
    public record Detector(String id, String title, int type, String version, List<Attack> attacks) {}

    /**
     * What it saw.
     *
     * @param uid deterministic identity
     * @param time milliseconds since the epoch, of the event that told
     * @param resource what it is about; also the Kafka key
     */
    public record Sighting(
            String uid,
            long time,
            long start,
            long end,
            int count,
            Severity severity,
            boolean alert,
            String message,
            Resource resource,
            @Nullable String run,
            JsonNode detail) {}

    public ObjectNode object() {
        return codec.mapper().createObjectNode();
    }

    /** A Detection Finding (2004) as a record for Kafka. */
    public Emission detection(Detector detector, Sighting seen) {
        FindingInfo info = new FindingInfo(
                seen.uid(),
                detector.title(),
                seen.message(),
                seen.time(),
                seen.start(),
                seen.end(),
                List.of(detector.id()),
                new FindingInfo.Analytic(detector.title(), detector.id(), detector.type(), detector.version()));
        DetectionFinding finding = new DetectionFinding(
                CREATE,
                seen.time(),
                seen.start(),
                seen.end(),
                seen.count(),
                seen.severity(),
                seen.alert(),
                seen.message(),
                Metadata.of(seen.uid(), PRODUCT),
                info,
                detector.attacks().isEmpty() ? null : detector.attacks(),
                List.of(seen.resource()),
                unmapped(seen.run(), seen.detail()));
        return emission(finding, seen.alert(), seen.resource().uid());
    }

    /** {@code unmapped} of a finding. */
    public ObjectNode unmapped(@Nullable String run, JsonNode detail) {
        return codec.unmapped(new Extension(Extension.Kind.SERVICE, run, null, null, null, null, null, detail));
    }

    /** Any finding as a record for Kafka. */
    public Emission emission(Event finding, boolean alert, String key) {
        if (finding instanceof ApiActivity) {
            throw new IllegalArgumentException("not a finding");
        }
        try {
            return new Emission(Emission.FINDING, alert, key, codec.encode(finding));
        } catch (EventFormatException e) {
            throw new IllegalStateException(
                    "a finding of ours does not fit: " + finding.metadata().uid(), e);
        }
    }
}
