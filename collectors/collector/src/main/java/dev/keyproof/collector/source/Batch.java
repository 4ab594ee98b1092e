package dev.keyproof.collector.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Records in order, and the positions that hold once all of them are published; both happen or neither. */
public record Batch(List<Outgoing> records, Map<String, ObjectNode> positions) {
    /** Nothing to do. */
    public static final Batch EMPTY = new Batch(List.of(), Map.of());

    public boolean isEmpty() {
        return records.isEmpty() && positions.isEmpty();
    }
}
