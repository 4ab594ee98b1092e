package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Actor;
import dev.keyproof.event.Api;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.Endpoint;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Product;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.event.Status;
import dev.keyproof.event.User;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.LegalHold;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a log says of itself, as events of this service: that a year has ended, that other keys sign from here on, that a drill was held, that the bucket of its copy was
 * probed, that somebody was erased or a year dropped, who read what of it. Thread-safe. */
public final class LogEvents {
    /** Of the uids of what the log says of itself. */
    static final String UID_PREFIX = "log-";

    /** Of the uids of what was done with evidence: as many as there are reads, so that nobody remembers them. */
    static final String ACCESS_PREFIX = UID_PREFIX + "access-";

    static final String SERVICE = "evidence-service";
    private static final String ERASURE = "erasure";
    private static final String YEAR_END = "yearEnd";

    /** An event has at most 65,535 bytes, and a hold at most a few thousand. */
    private static final int MOST_BYTES_OF_HOLDS = 40_000;

    private static final String RETENTION = "retention";
    private static final String NOTICE = "LogRetentionNotice";

    private final EventCodec codec = new EventCodec();
    private final InstantSource clock;

    public LogEvents(InstantSource clock) {
        this.clock = clock;
    }

    /** The uid under which the end of a log is sealed, once. */
    static String yearEndUid(String origin) {
        return UID_PREFIX + "year-end-" + origin;
    }

    /**
     * The last head of a year's log, to stand in the next year's, with the legal holds that go on: in as many entries as they need, the
     * first of which has the uid by which the end is known.
     */
    List<byte[]> yearEnd(SignedHead head, List<LegalHold> holds) throws EvidenceException {
        String origin = head.checkpoint().origin();
        List<byte[]> entries = new ArrayList<>();
        ArrayDeque<LegalHold> left = new ArrayDeque<>(holds);
        do {
            ObjectNode detail = JsonNodeFactory.instance.objectNode();
            ArrayNode goOn = detail.putObject(YEAR_END)
                    .put("origin", origin)
                    .put("size", head.size())
                    .put("checkpoint", head.note().format())
                    .putArray("holds");
            for (int bytes = 0; !left.isEmpty() && bytes < MOST_BYTES_OF_HOLDS; ) {
                ObjectNode hold = left.remove().json();
                bytes += CanonicalJson.bytes(hold).length;
                goOn.add(hold);
            }
            String part = entries.isEmpty() ? "" : "-" + entries.size();
            entries.add(event(yearEndUid(origin) + part, "LogYearEnd", origin, detail));
        } while (!left.isEmpty());
        return entries;
    }

    /** Whether an entry is the end of that log. */
    public static boolean isYearEnd(JsonNode entry, String origin) {
        return entry.at("/metadata/uid").asText().equals(yearEndUid(origin))
                && entry.at("/api/service/name").asText().equals(SERVICE);
    }

    /** The log of a year is about to be dropped, or was, or is held after all. */
    public byte[] yearDrop(YearDrop drop) throws EvidenceException {
        return event(drop.uid(), YearDrop.OPERATION, drop.origin(), drop.detail());
    }

    /** When the log of a year has been kept for as long as policy says. */
    public record YearEnds(int year, Instant ends) {}

    /** The log of a year ends then, if nothing holds it: announced beforehand, with what holds it now. */
    public byte[] retentionNotice(String origin, YearEnds end, List<String> heldBy) throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        ArrayNode holds = detail.putObject(RETENTION)
                .put("origin", origin)
                .put("year", end.year())
                .put("ends", end.ends().toString())
                .putArray("heldBy");
        heldBy.forEach(holds::add);
        return event(noticeUid(end), NOTICE, origin, detail);
    }

    /** The end that an entry announces; empty if it is none of these. */
    public static Optional<YearEnds> announced(JsonNode entry) {
        JsonNode notice = entry.path("unmapped").path("keyproof").path("detail").path(RETENTION);
        if (!entry.at("/api/operation").asText().equals(NOTICE)
                || !entry.at("/api/service/name").asText().equals(SERVICE)) {
            return Optional.empty();
        }
        try {
            YearEnds end = new YearEnds(
                    notice.path("year").asInt(),
                    Instant.parse(notice.path("ends").asText()));
            return entry.at("/metadata/uid").asText().equals(noticeUid(end)) ? Optional.of(end) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String noticeUid(YearEnds end) {
        return UID_PREFIX + "retention-" + end.year() + "-" + end.ends();
    }

    /**
     * The keys of a generation sign heads from this entry on; the first head over it is signed by those before as well. {@code
     * compromised}: because somebody else may have those.
     */
    byte[] signers(String origin, int generation, List<NoteVerifier> keys, boolean compromised)
            throws EvidenceException {
        return event(
                SignerHandover.uid(origin, generation),
                SignerHandover.OPERATION,
                origin,
                SignerHandover.detail(origin, generation, keys, compromised));
    }

    /** A drill was held, and left a report of that digest. */
    byte[] drill(String origin, String drill, String report, boolean passed) throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.putObject("drill").put("name", drill).put("report", report).put("passed", passed);
        String digest = report.substring(report.indexOf(':') + 1);
        return event(UID_PREFIX + "drill-" + drill + "-" + digest, "LogDrill", origin, detail);
    }

    /** The bucket to which the log is copied was probed, and that was found. */
    public byte[] remoteProbe(String origin, String bucket, String verdict, List<String> allowed)
            throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        var probe = detail.putObject("remoteProbe").put("bucket", bucket).put("lock", verdict);
        var list = probe.putArray("allowed");
        allowed.forEach(list::add);
        return event(UID_PREFIX + "remote-probe-" + UUID.randomUUID(), "LogRemoteProbe", origin, detail);
    }

    /** What an entry says of an erasure; {@code kind} and {@code subject} as they were asked for. */
    public record ErasureEntry(String id, String kind, String subject, String reason, ErasurePhase phase) {}

    /** How far an erasure is. */
    public enum ErasurePhase {
        /** It is about to be done. */
        BEGUN,
        DONE,
        /** A legal hold came before it: nothing was erased. */
        WITHHELD
    }

    /** A person or an artifact is to be erased, or was: by id or name, of which the log holds nothing else. */
    public byte[] erasure(
            String origin, String id, String kind, String subject, String reason, String by, ErasurePhase phase)
            throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        var erasure = detail.putObject(ERASURE)
                .put("id", id)
                .put("kind", kind)
                .put("subject", subject)
                .put("reason", reason)
                .put("phase", phase.name());
        if (!by.isEmpty()) {
            erasure.put("by", by);
        }
        return event(
                UID_PREFIX + "erasure-" + id + (phase == ErasurePhase.BEGUN ? "" : "-ended"),
                "LogErasure",
                origin,
                detail);
    }

    /** What {@link #erasure} made, and only this service's own. */
    public static Optional<ErasureEntry> erasure(JsonNode entry) {
        JsonNode erasure = entry.at("/unmapped/keyproof/detail/" + ERASURE);
        if (!entry.at("/api/operation").asText().equals("LogErasure")
                || !entry.at("/api/service/name").asText().equals(SERVICE)
                || !entry.at("/metadata/uid").asText().startsWith(UID_PREFIX + "erasure-")) {
            return Optional.empty();
        }
        return Optional.of(new ErasureEntry(
                erasure.path("id").asText(),
                erasure.path("kind").asText(),
                erasure.path("subject").asText(),
                erasure.path("reason").asText(),
                phase(erasure)));
    }

    /**
     * What somebody did with evidence, or wanted to.
     *
     * @param caller nobody, if it was not said by a good token who called
     * @param decision what policy decided of it; of strangers none is asked for
     * @param access its scope and size, or how often in which time
     */
    public byte[] access(
            String origin,
            String operation,
            Optional<User> caller,
            boolean allowed,
            Optional<Extension.Decision> decision,
            ObjectNode access)
            throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.set("access", access);
        return event(
                ACCESS_PREFIX + UUID.randomUUID(),
                operation,
                origin,
                caller.map(Actor::user).orElseGet(() -> Actor.service(SERVICE)),
                allowed ? Status.SUCCESS : Status.FAILURE,
                new Extension(
                        caller.isPresent() ? Extension.Kind.SERVICE : Extension.Kind.REFUSALS,
                        null,
                        null,
                        null,
                        null,
                        null,
                        decision.orElse(null),
                        detail));
    }

    static ErasurePhase phase(JsonNode erasure) {
        return switch (erasure.path("phase").asText()) {
            case "DONE" -> ErasurePhase.DONE;
            case "WITHHELD" -> ErasurePhase.WITHHELD;
            default -> ErasurePhase.BEGUN;
        };
    }

    /** What is known of a person is about to be put into the directory, or replaced there; nothing of it stands here. */
    public byte[] person(String origin, String id, String by) throws EvidenceException {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.putObject("person").put("id", id).put("by", by);
        return event(UID_PREFIX + "person-" + UUID.randomUUID(), "LogPerson", origin, detail);
    }

    private byte[] event(String uid, String operation, String origin, ObjectNode detail) throws EvidenceException {
        return event(
                uid,
                operation,
                origin,
                Actor.service(SERVICE),
                Status.SUCCESS,
                new Extension(Extension.Kind.SERVICE, null, null, null, null, null, null, detail));
    }

    byte[] event(String uid, String operation, String origin, Actor actor, Status status, Extension extension)
            throws EvidenceException {
        ApiActivity activity = new ApiActivity(
                99,
                operation,
                clock.millis(),
                null,
                null,
                null,
                Severity.INFORMATIONAL,
                status,
                null,
                null,
                null,
                Metadata.of(uid, Product.keyproof(SERVICE)),
                actor,
                new Api(operation, new Api.Service(SERVICE), null, null),
                Endpoint.service(SERVICE),
                null,
                null,
                List.of(new Resource(origin, null, "log", null, null, null, null)),
                codec.unmapped(extension));
        try {
            return codec.encode(activity);
        } catch (EventFormatException e) {
            throw new EvidenceException("an event of our own cannot be written: " + e.getMessage(), e);
        }
    }
}
