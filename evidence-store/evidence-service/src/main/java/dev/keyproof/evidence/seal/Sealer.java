package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.CanonicalJson;
import dev.keyproof.verify.PolicyBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Decides what becomes of each record: sealed, known already, or set aside. Bytes are sealed as they came. Used by the sealing
 * thread alone.
 */
public final class Sealer {
    static final String KEY_EVENTS = "key-events";
    static final String FINDINGS = "findings";
    static final String QUARANTINE = "quarantine";
    static final String ATTESTATIONS = "attestations";

    /** A quarantined entry of a journal says where it stood. */
    private static final Pattern JOURNAL_PLACE = Pattern.compile("(.+)/([0-9A-HJKMNP-TV-Z]{26})/(0|[1-9][0-9]{0,17})");

    private final SealedState state;
    private final Artifacts artifacts;
    private final Attestations attestations;
    private final Continuity continuity;
    private final Batch batch;
    private final Clock clock;
    private final LongSupplier nanos;
    private final ObjectMapper mapper = new ObjectMapper();
    private final TreeHasher hasher = new TreeHasher();
    /** The offset after the last head read; the position lies before it while heads wait. */
    private final Map<TopicPartition, Long> headsRead = new HashMap<>();

    Sealer(SealedState state, Artifacts artifacts, JournalKeys keys, Batch batch, Clock clock, LongSupplier nanos) {
        this.state = state;
        this.artifacts = artifacts;
        this.continuity = new Continuity(clock);
        this.attestations = new Attestations(state, keys, continuity);
        this.batch = batch;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Deals with one record. */
    void take(ConsumerRecord<byte[], byte[]> record) throws EvidenceException {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        switch (record.topic()) {
            case KEY_EVENTS -> event(record.partition() + "@" + record.offset(), value);
            case FINDINGS -> finding(record, value);
            case QUARANTINE -> quarantine(record, value);
            case ATTESTATIONS -> attestation(record, value);
            default -> throw new EvidenceException("no record of the topic " + record.topic() + " was asked for");
        }
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        batch.moveTo(partition, attestations.resumeAt(partition, record.offset() + 1));
    }

    /**
     * Deals with what time alone brings: heads that can be judged now, and sources without one.
     *
     * @return false if the batch is full before all is settled: commit it and go on
     */
    boolean settle() throws EvidenceException {
        long now = nanos.getAsLong();
        attestations.settle(now, batch);
        for (SourceStream stream : state.streams()) {
            if (batch.isFull()) {
                return false;
            }
            Optional<SourceStream.Gap> gap = stream.gap();
            if (gap.isPresent()) {
                batch.report(continuity.gap(stream.source(), stream.epoch(), gap.get()), now);
            }
            if (stream.waitingNanos(now) > Attestations.PATIENCE_NANOS) {
                batch.report(continuity.unattested(stream.source(), stream.epoch(), stream.attested()), now);
            }
        }
        headsRead.forEach((partition, next) -> {
            long resume = attestations.resumeAt(partition, next);
            if (resume > batch.positions().getOrDefault(partition, 0L)) {
                batch.moveTo(partition, resume);
            }
        });
        return true;
    }

    private void event(String where, byte[] value) throws EvidenceException {
        ObjectNode json;
        try {
            json = foreign(value, Entries::refusedAsEvent);
        } catch (EventFormatException e) {
            setAside(value, "not an event: " + e.getMessage(), KEY_EVENTS, where);
            return;
        }
        event(value, json);
    }

    private void event(byte[] value, ObjectNode json) throws EvidenceException {
        long now = nanos.getAsLong();
        if (!Entries.hasPlace(json)) {
            if (!state.hasEvent(json.path("metadata").path("uid").asText())) {
                batch.seal(value, json, now);
            }
            return;
        }
        String source = json.path("metadata").path("source").asText();
        String epoch = json.path("unmapped").path("keyproof").path("epoch").asText();
        long sequence = json.path("metadata").path("sequence").asLong();
        SourceStream stream = state.stream(source, epoch);
        String place = source + "#" + sequence;
        if (stream.isDropped(sequence)) {
            setAside(value, "its place belongs to a year whose log was dropped: it may be sealed there", source, place);
        } else if (stream.has(sequence)) {
            if (!stream.holds(sequence, hasher.leaf(value))) {
                String artifact = setAside(value, "another record is sealed at its place", source, place);
                batch.report(continuity.conflict(source, epoch, sequence, artifact), now);
            }
        } else if (stream.hasRoomFor(sequence)) {
            batch.seal(value, json, now);
        } else {
            setAside(value, "the records of its source lie too far apart to be kept account of", source, place);
        }
    }

    private void finding(ConsumerRecord<byte[], byte[]> record, byte[] value) throws EvidenceException {
        String where = record.partition() + "@" + record.offset();
        ObjectNode json;
        try {
            json = foreign(value, Entries::refusedAsFinding);
        } catch (EventFormatException e) {
            setAside(value, "not a finding: " + e.getMessage(), FINDINGS, where);
            return;
        }
        String uid = json.path("metadata").path("uid").asText();
        if (Entries.isOwnFinding(json)) {
            // Ours are sealed before they are published; what comes back is a copy, or somebody else's.
            Optional<Hash> sealed = state.ownFinding(uid);
            if (sealed.isEmpty() || !sealed.get().equals(hasher.leaf(value))) {
                setAside(value, "it is not the finding that the log sealed under its uid", FINDINGS, where);
            }
        } else if (!state.hasFinding(uid)) {
            batch.seal(value, json, nanos.getAsLong());
        }
    }

    /**
     * What the log says of itself it takes from nobody; and what a pack's reader would not read as JSON is none here either.
     *
     * @param refused why it is not what its topic takes
     */
    private ObjectNode foreign(byte[] value, Function<ObjectNode, Optional<String>> refused)
            throws EventFormatException {
        if (value.length > EventCodec.MAX_BYTES) {
            throw new EventFormatException(value.length + " bytes are more than an event may have");
        }
        ObjectNode json;
        try {
            json = CanonicalJson.read(value);
        } catch (BrokenPackException e) {
            throw new EventFormatException("it is no object in strict JSON", e);
        }
        if (Entries.claimsToBeOurs(json)) {
            throw new EventFormatException("it claims to be an entry that the log itself makes");
        }
        Optional<String> reason = refused.apply(json);
        if (reason.isPresent()) {
            throw new EventFormatException(reason.get());
        }
        return json;
    }

    /** The event whose bytes these are, if it names this very place as its own. */
    private Optional<ObjectNode> eventAt(byte[] value, String source, String epoch, long sequence) {
        try {
            ObjectNode json = foreign(value, Entries::refusedAsEvent);
            return Entries.hasPlace(json)
                            && json.at("/metadata/source").asText().equals(source)
                            && json.at("/unmapped/keyproof/epoch").asText().equals(epoch)
                            && json.at("/metadata/sequence").asLong() == sequence
                    ? Optional.of(json)
                    : Optional.empty();
        } catch (EventFormatException e) {
            return Optional.empty();
        }
    }

    private void quarantine(ConsumerRecord<byte[], byte[]> record, byte[] value) throws EvidenceException {
        String origin = header(record, "origin");
        String place = header(record, "place");
        Matcher journal = JOURNAL_PLACE.matcher(place);
        boolean placed = journal.matches() && journal.group(1).equals(origin);
        long sequence = placed ? Long.parseLong(journal.group(3)) : 0;
        if (placed) {
            // Whoever set it aside, it may be a good record: hidden among the unreadable ones nobody would judge it.
            Optional<ObjectNode> good = eventAt(value, origin, journal.group(2), sequence);
            if (good.isPresent()) {
                event(value, good.get());
                return;
            }
        }
        long now = nanos.getAsLong();
        String artifact = artifacts.keep(value);
        ObjectNode entry =
                Entries.quarantine(artifact, header(record, "reason"), origin, place, header(record, "time"));
        if (placed) {
            Hash leaf = hasher.leaf(value);
            SourceStream stream = state.stream(origin, journal.group(2));
            if (stream.has(sequence) && !stream.isDropped(sequence) && !stream.holds(sequence, leaf)) {
                batch.report(continuity.conflict(origin, journal.group(2), sequence, artifact), now);
            } else if (!stream.has(sequence) && stream.hasRoomFor(sequence)) {
                Entries.placed(entry, origin, journal.group(2), sequence, leaf);
            }
        }
        batch.seal(CanonicalJson.bytes(entry), entry, now);
    }

    private String setAside(byte[] value, String reason, String origin, String place) throws EvidenceException {
        String artifact = artifacts.keep(value);
        ObjectNode entry = Entries.quarantine(
                artifact, reason, origin, place, clock.instant().toString());
        batch.seal(CanonicalJson.bytes(entry), entry, nanos.getAsLong());
        return artifact;
    }

    private void attestation(ConsumerRecord<byte[], byte[]> record, byte[] value) throws EvidenceException {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        String source = key.length() <= Entries.LONGEST_NAME ? key : key.substring(0, Entries.LONGEST_NAME);
        headsRead.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        Continuity.Finding finding = attestations.take(
                new TopicPartition(record.topic(), record.partition()),
                record.offset(),
                source,
                value,
                nanos.getAsLong());
        if (finding != null) {
            batch.report(finding, nanos.getAsLong());
        }
    }

    /** Seals that a policy bundle is in force, once for each bundle; keeps the bundle itself. */
    void policy(byte[] bundle) throws EvidenceException {
        try {
            PolicyBundle read = PolicyBundle.read(bundle);
            artifacts.keepPolicy(bundle);
            if (!state.hasPolicy(read.digest())) {
                byte[] entry = Entries.policy(read.digest(), read.dataDigest(), clock.instant());
                batch.seal(entry, mapper.readTree(entry), nanos.getAsLong());
            }
        } catch (IOException e) {
            throw new EvidenceException("a policy bundle cannot be read: " + e.getMessage(), e);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        String text = header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
        return text.length() <= 1000 ? text : text.substring(0, 1000);
    }
}
