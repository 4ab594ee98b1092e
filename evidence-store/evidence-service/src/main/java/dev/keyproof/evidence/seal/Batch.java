package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.merkle.TreeHasher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What the next commit holds: entries, the positions after them, and the findings to publish before. Used by one thread. */
final class Batch {
    private final SealedState state;
    private final ObjectMapper mapper = new ObjectMapper();
    private final TreeHasher hasher = new TreeHasher();
    private final List<byte[]> entries = new ArrayList<>();
    private final List<Continuity.Finding> findings = new ArrayList<>();
    /** Findings published by this process; those of earlier ones are known once they are sealed. */
    private final Set<String> reported = new HashSet<>();

    private final Map<TopicPartition, Long> next = new HashMap<>();
    private int bytes;
    private boolean moved;

    Batch(SealedState state, Map<TopicPartition, Long> positions) {
        this.state = state;
        next.putAll(positions);
    }

    void seal(byte[] entry, long nowNanos) throws EvidenceException {
        try {
            seal(entry, mapper.readTree(entry), nowNanos);
        } catch (IOException e) {
            throw new EvidenceException("an entry of our own is not JSON", e);
        }
    }

    /** Adds an entry; from here on it counts as sealed, for the process ends if it cannot be. */
    void seal(byte[] entry, JsonNode json, long nowNanos) {
        state.entry(json, hasher.leaf(entry), nowNanos);
        entries.add(entry);
        bytes += entry.length + 2;
    }

    /** Has a finding published, once. */
    void report(Continuity.Finding finding) {
        if (!state.hasFinding(finding.uid()) && reported.add(finding.uid())) {
            findings.add(finding);
        }
    }

    /** A record was dealt with; {@code offset} is the one after it. */
    void moveTo(TopicPartition partition, long offset) {
        next.put(partition, offset);
        moved = true;
    }

    Map<TopicPartition, Long> positions() {
        return next;
    }

    List<byte[]> entries() {
        return entries;
    }

    List<Continuity.Finding> findings() {
        return findings;
    }

    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return entries.isEmpty() && findings.isEmpty() && !moved;
    }

    /** It is on disk. */
    void clear() {
        entries.clear();
        findings.clear();
        bytes = 0;
        moved = false;
    }
}
