package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import dev.keyproof.evidence.store.EvidenceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/** Breaks of continuity as findings. The same break found again is the same finding, by its uid. Thread-safe. */
final class Continuity {
    /** Of the uids of its findings. */
    static final String UID_PREFIX = "continuity-";

    private static final String VERSION = "1";
    private static final int LONGEST_TEXT = 1000;

    private final EventCodec codec = new EventCodec();
    private final Clock clock;

    Continuity(Clock clock) {
        this.clock = clock;
    }

    /** A finding, ready to be sealed. */
    record Finding(String uid, byte[] bytes) {}

    Finding gap(String source, String epoch, SourceStream.Gap gap) throws EvidenceException {
        return finding(
                "gap",
                "Records of " + source + " are missing",
                "Of the source " + source + " the records " + gap.from() + " to " + (gap.to() - 1)
                        + " did not arrive before record " + gap.to() + ".",
                source,
                epoch,
                gap.from());
    }

    Finding conflict(String source, String epoch, long sequence, String artifact) throws EvidenceException {
        return finding(
                "conflict",
                "Two different records of " + source + " claim one place",
                "Record " + sequence + " of the source " + source
                        + " is sealed; another with the same number came later" + " and is kept as the artifact "
                        + artifact + ".",
                source,
                epoch,
                sequence);
    }

    Finding badHead(String source, String epoch, long attested, String reason) throws EvidenceException {
        return finding(
                "head",
                "The signed head of " + source + " does not cover what was sealed",
                "After record " + attested + " of the source " + source + ": " + reason + ".",
                source,
                epoch,
                attested);
    }

    Finding unattested(String source, String epoch, long attested) throws EvidenceException {
        return finding(
                "unattested",
                "Records of " + source + " are covered by no signed head",
                "Records of the source " + source + " from " + attested
                        + " on were sealed, and no head signed by the source covered them within 10 s.",
                source,
                epoch,
                attested);
    }

    private Finding finding(String kind, String title, String text, String source, String epoch, long at)
            throws EvidenceException {
        String uid = UID_PREFIX + kind + "-" + digest(kind + "\n" + source + "\n" + epoch + "\n" + at);
        long now = clock.millis();
        String shown = shortened(text, LONGEST_TEXT);
        String from = shortened(source, Entries.LONGEST_NAME);
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("source", from)
                .put("epoch", shortened(epoch, Entries.LONGEST_NAME))
                .put("sequence", at);
        DetectionFinding finding = new DetectionFinding(
                1,
                now,
                null,
                null,
                null,
                Severity.HIGH,
                false,
                shown,
                Metadata.of(uid, Product.keyproof(LogEvents.SERVICE)),
                new FindingInfo(
                        uid,
                        shortened(title, LONGEST_TEXT),
                        shown,
                        now,
                        null,
                        null,
                        List.of("continuity"),
                        new FindingInfo.Analytic("continuity of sources", "keyproof-continuity-" + kind, 1, VERSION)),
                null,
                List.of(new Resource(from, null, "source", null, null, null, null)),
                codec.unmapped(new Extension(Extension.Kind.SERVICE, null, null, null, null, null, null, detail)));
        try {
            return new Finding(uid, codec.encode(finding));
        } catch (EventFormatException e) {
            throw new EvidenceException("a finding could not be written: " + e.getMessage(), e);
        }
    }

    /** What a stranger named must not make a finding too long to be sealed. */
    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "...";
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
