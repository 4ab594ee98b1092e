package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What stands beside the entries in the log's commit file: a small JSON object.
 *
 * @param next the offset of the next record of each partition
 * @param owed how many of the last findings of our own are sealed and may not be published
 */
public record Positions(Map<TopicPartition, Long> next, int owed) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String OWED = "owed";

    public Positions {
        next = Map.copyOf(next);
    }

    byte[] encode() throws EvidenceException {
        ObjectNode json = MAPPER.createObjectNode();
        next.forEach((partition, offset) -> json.put(partition.topic() + "/" + partition.partition(), offset));
        if (owed > 0) {
            json.put(OWED, owed);
        }
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new EvidenceException("positions cannot be written", e);
        }
    }

    /**
     * Reads them.
     *
     * @throws EvidenceException if they are none
     */
    public static Positions decode(byte[] bytes) throws EvidenceException {
        Map<TopicPartition, Long> next = new HashMap<>();
        int owed = 0;
        try {
            JsonNode json = bytes.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(bytes);
            for (Map.Entry<String, JsonNode> entry : json.properties()) {
                int slash = entry.getKey().lastIndexOf('/');
                if (entry.getKey().equals(OWED)) {
                    owed = entry.getValue().asInt();
                } else {
                    next.put(
                            new TopicPartition(
                                    entry.getKey().substring(0, slash),
                                    Integer.parseInt(entry.getKey().substring(slash + 1))),
                            entry.getValue().asLong());
                }
            }
            return new Positions(next, owed);
        } catch (IOException | RuntimeException e) {
            throw new EvidenceException("the positions in the log's commit file cannot be read", e);
        }
    }
}
