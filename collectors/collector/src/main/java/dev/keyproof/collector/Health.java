package dev.keyproof.collector;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.collector.source.Batch;
import dev.keyproof.collector.source.Source;
import dev.keyproof.collector.source.SourceState;
import dev.keyproof.collector.source.Topic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the collector says of itself. Thread-safe. */
final class Health {
    private final ObjectMapper mapper;
    private final List<? extends Source> sources;
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private volatile String kafka = "not connected yet";

    Health(ObjectMapper mapper, List<? extends Source> sources) {
        this.mapper = mapper;
        this.sources = sources;
    }

    void connected() {
        kafka = "";
    }

    void disconnected(String reason) {
        kafka = reason;
    }

    void sourceWell(Source source) {
        faults.remove(source.name());
    }

    void sourceFailed(Source source, String reason) {
        faults.put(source.name(), reason);
    }

    void published(Batch batch) {
        batch.records().forEach(record -> {
            if (record.topic() == Topic.KEY_EVENTS) {
                events.incrementAndGet();
            } else if (record.topic() == Topic.QUARANTINE) {
                quarantined.incrementAndGet();
            }
        });
    }

    boolean up() {
        return kafka.isEmpty() && faults.isEmpty();
    }

    /** {@code status}, why it is not UP, and each source's position, lag and counts. */
    ObjectNode json() {
        ObjectNode json = mapper.createObjectNode();
        json.put("status", up() ? "UP" : "DEGRADED");
        if (!up()) {
            var reasons = json.putObject("reasons");
            if (!kafka.isEmpty()) {
                reasons.put("kafka", kafka);
            }
            new TreeMap<>(faults).forEach(reasons::put);
        }
        List<SourceState> states = sources.stream().map(Source::state).toList();
        json.put("lag", states.stream().mapToLong(SourceState::lag).sum());
        // Since this process started; the sources tell the totals.
        json.put("published", events.get()).put("quarantined", quarantined.get());
        var list = json.putArray("sources");
        states.forEach(state -> list.add(mapper.<ObjectNode>valueToTree(state)));
        return json;
    }
}
