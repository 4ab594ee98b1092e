package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.merkle.TreeHasher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What the next commit holds: entries, and the positions after them. Used by one thread. */
final class Batch {
    /** Well below what one append may hold. */
    private static final int FULL_BYTES = 2 << 20;

    private final SealedState state;
    private final ObjectMapper mapper = new ObjectMapper();
    private final TreeHasher hasher = new TreeHasher();
    private final List<byte[]> entries = new ArrayList<>();
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

    /** Seals a finding of our own, once; a copy of it is published afterwards. */
    void report(Continuity.Finding finding, long nowNanos) throws EvidenceException {
        if (state.ownFinding(finding.uid()).isEmpty()) {
            seal(finding.bytes(), nowNanos);
            state.owed().add(finding.bytes());
        }
    }

    /** A finding that was owed is published. */
    void paid() {
        moved = true;
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

    /** No more should join. */
    boolean isFull() {
        return bytes >= FULL_BYTES;
    }

    boolean isEmpty() {
        return entries.isEmpty() && !moved;
    }

    /** It is on disk. */
    void clear() {
        entries.clear();
        bytes = 0;
        moved = false;
        state.committed();
    }
}
