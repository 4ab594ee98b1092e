package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The offsets of the next record of each partition, as they stand in the log's commit file: a small JSON object. */
final class Positions {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Positions() {}

    static byte[] encode(Map<TopicPartition, Long> positions) throws EvidenceException {
        ObjectNode json = MAPPER.createObjectNode();
        positions.forEach((partition, offset) -> json.put(partition.topic() + "/" + partition.partition(), offset));
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new EvidenceException("positions cannot be written", e);
        }
    }

    static Map<TopicPartition, Long> decode(byte[] bytes) throws EvidenceException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        if (bytes.length == 0) {
            return positions;
        }
        try {
            for (Map.Entry<String, JsonNode> entry : MAPPER.readTree(bytes).properties()) {
                int slash = entry.getKey().lastIndexOf('/');
                positions.put(
                        new TopicPartition(
                                entry.getKey().substring(0, slash),
                                Integer.parseInt(entry.getKey().substring(slash + 1))),
                        entry.getValue().asLong());
            }
            return positions;
        } catch (IOException | RuntimeException e) {
            throw new EvidenceException("the positions in the log's commit file cannot be read", e);
        }
    }
}
