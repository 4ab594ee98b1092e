package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.DetectionFinding;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.event.FindingInfo;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Something that this service finds about a log of its own.
 *
 * @param kind what it is called in its uid, with which the same finding is told once
 * @param same what makes two of a kind the same
 * @param analytic who found it
 */
public record LogFinding(
        String kind,
        String same,
        Severity severity,
        String origin,
        String title,
        String text,
        String analytic,
        ObjectNode detail) {

    public String uid() {
        return LogEvents.UID_PREFIX + kind + "-" + UUID.nameUUIDFromBytes(same.getBytes(StandardCharsets.UTF_8));
    }

    /** The event as it is to be sealed. */
    public byte[] event(long now) {
        EventCodec codec = new EventCodec();
        DetectionFinding finding = new DetectionFinding(
                1,
                now,
                null,
                null,
                null,
                severity,
                true,
                text,
                Metadata.of(uid(), Product.keyproof(LogEvents.SERVICE)),
                new FindingInfo(
                        uid(),
                        title,
                        text,
                        now,
                        null,
                        null,
                        List.of("continuity"),
                        new FindingInfo.Analytic(analytic, "keyproof-log-" + kind, 1, "1")),
                null,
                List.of(new Resource(origin, null, "log", null, null, null, null)),
                codec.unmapped(new Extension(Extension.Kind.SERVICE, null, null, null, null, null, null, detail)));
        try {
            return codec.encode(finding);
        } catch (EventFormatException e) {
            throw new IllegalStateException("a finding of our own cannot be written", e);
        }
    }
}
