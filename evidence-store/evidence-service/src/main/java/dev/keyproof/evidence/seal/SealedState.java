package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.log.merkle.Hash;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is in the log, as far as the next record's fate depends on it; made again from the log at each start. The streams are the
 * sealing thread's own, the counts may be read by any thread.
 */
public final class SealedState {
    private final Places places;
    private final Map<String, SourceStream> streams = new HashMap<>();
    private final Set<String> uids = new HashSet<>();
    /** Of years whose logs were dropped. */
    private DroppedUids droppedUids = DroppedUids.NONE;
    /** Findings of our own, each with what is sealed of it. */
    private final Map<String, Hash> own = new HashMap<>();
    /** Those that are sealed and not published yet, oldest first. */
    private final Deque<byte[]> owed = new ArrayDeque<>();

    private final Set<String> policies = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> operationsByRun = new ConcurrentHashMap<>();
    private final Supports supports = new Supports();
    private final LongAdder findings = new LongAdder();
    private final LongAdder quarantined = new LongAdder();
    private final LongAdder attestations = new LongAdder();
    private final Map<String, Attested> attested = new ConcurrentHashMap<>();
    /** What is about to be in the log: it is told once it is there. */
    private final Map<String, Attested> pending = new HashMap<>();

    /** Nothing is sealed yet; {@code places} must be empty. */
    public SealedState(Places places) {
        this.places = places;
    }

    /** How far a source is sealed, and how far its heads cover it. */
    public record Attested(String source, String epoch, long sealed, long attested, boolean own) {}

    /** Takes an entry that is in the log, or is about to be. */
    void entry(JsonNode json, Hash leaf, long nowNanos) {
        String form = json.path("keyproof").asText();
        if (form.isEmpty()) {
            event(json, leaf, nowNanos);
            return;
        }
        switch (form) {
            case Entries.ATTESTATION -> {
                attestations.increment();
                SourceStream stream =
                        stream(json.path("source").asText(), json.path("epoch").asText());
                stream.attest(json.path("to").asLong(), nowNanos);
                show(stream);
            }
            case Entries.QUARANTINE -> {
                quarantined.increment();
                if (json.has("leaf")) {
                    SourceStream stream = stream(
                            json.path("source").asText(), json.path("epoch").asText());
                    Hash original = Hash.parseHex(json.path("leaf").asText());
                    stream.sealed(json.path("sequence").asLong(), original, true, nowNanos);
                    show(stream);
                }
            }
            case Entries.POLICY -> policies.add(json.path("policy").asText());
            default -> {
                // Entries of later versions are sealed all the same; nothing here depends on them.
            }
        }
    }

    private void event(JsonNode json, Hash leaf, long nowNanos) {
        JsonNode extension = json.path("unmapped").path("keyproof");
        JsonNode metadata = json.path("metadata");
        int classUid = json.path("class_uid").asInt();
        if (Entries.hasPlace(json)) {
            SourceStream stream = stream(
                    metadata.path("source").asText(), extension.path("epoch").asText());
            stream.sealed(metadata.path("sequence").asLong(), leaf, Entries.isOurs(json), nowNanos);
            show(stream);
        } else if (Entries.isOwnFinding(json)) {
            own.put(metadata.path("uid").asText(), leaf);
        } else if (!metadata.path("uid").asText().startsWith(LogEvents.ACCESS_PREFIX)) {
            uids.add((classUid == 6003 ? "event " : "finding ")
                    + metadata.path("uid").asText());
        }
        if (classUid == 2003 || classUid == 2004) {
            findings.increment();
        }
        if (extension.path("kind").asText().equals("operation") && extension.has("run")) {
            operationsByRun
                    .computeIfAbsent(extension.path("run").asText(), run -> new LongAdder())
                    .increment();
        }
    }

    private void show(SourceStream stream) {
        pending.put(
                stream.source() + "/" + stream.epoch(),
                new Attested(stream.source(), stream.epoch(), stream.count(), stream.attested(), stream.own()));
    }

    /** Where entries stand that others may need; one counts as soon as it is on disk. */
    public Supports supports() {
        return supports;
    }

    SourceStream stream(String source, String epoch) {
        return streams.computeIfAbsent(source + "/" + epoch, key -> new SourceStream(source, epoch, places.source()));
    }

    Collection<SourceStream> streams() {
        return streams.values();
    }

    boolean hasEvent(String uid) {
        return has("event " + uid);
    }

    /** Apart from events: who may send those cannot take a finding's name beforehand. */
    boolean hasFinding(String uid) {
        return has("finding " + uid);
    }

    private boolean has(String uid) {
        return uids.contains(uid) || droppedUids.contains(uid);
    }

    /** What the next year's records are held against when the logs so far are dropped. */
    Remains.Ends ends() {
        return new Remains.Ends(
                streams.values().stream().map(SourceStream::snapshot).toList(),
                droppedUids.with(uids),
                Map.copyOf(own),
                Set.copyOf(policies));
    }

    /** Goes on where dropped years ended; nothing was taken yet. */
    void begin(Remains.Ends ends, long nowNanos) {
        for (SourceStream.Snapshot end : ends.streams()) {
            SourceStream stream = stream(end.source(), end.epoch());
            stream.begin(end, nowNanos);
            show(stream);
        }
        droppedUids = ends.uids();
        own.putAll(ends.own());
        policies.addAll(ends.policies());
    }

    /** What is sealed of a finding of our own. */
    Optional<Hash> ownFinding(String uid) {
        return Optional.ofNullable(own.get(uid));
    }

    /** Findings of our own that are sealed and not published yet, oldest first; whoever publishes one removes it. */
    Deque<byte[]> owed() {
        return owed;
    }

    boolean hasPolicy(String digest) {
        return policies.contains(digest);
    }

    /** Sealed outcomes of key operations of a run. */
    public long operations(String run) {
        LongAdder count = operationsByRun.get(run);
        return count == null ? 0 : count.sum();
    }

    public long findings() {
        return findings.sum();
    }

    public long quarantined() {
        return quarantined.sum();
    }

    public long attestations() {
        return attestations.sum();
    }

    /** All that was taken is in the log. */
    void committed() {
        attested.putAll(pending);
        pending.clear();
    }

    /** Each source and epoch, as far as it is in the log. */
    public Collection<Attested> sources() {
        return attested.values();
    }
}
