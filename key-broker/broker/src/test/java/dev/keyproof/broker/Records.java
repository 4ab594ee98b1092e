package dev.keyproof.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.log.journal.JournalReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that is durable in a journal, read from another process as the collector does. */
record Records(List<byte[]> bytes, List<JsonNode> events) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Records of(Path journal) throws Exception {
        List<byte[]> bytes = new ArrayList<>();
        List<JsonNode> events = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(journal)) {
            for (List<byte[]> page = reader.read(0, 500); !page.isEmpty(); page = reader.read(bytes.size(), 500)) {
                bytes.addAll(page);
            }
        }
        for (byte[] entry : bytes) {
            events.add(JSON.readTree(entry));
        }
        return new Records(bytes, events);
    }

    static JsonNode keyproof(JsonNode event) {
        return event.path("unmapped").path("keyproof");
    }

    static String kind(JsonNode event) {
        return keyproof(event).path("kind").asText();
    }

    /** The event at the place that an answer's header names. */
    JsonNode at(String record) {
        return events.get(Integer.parseInt(record.substring(record.lastIndexOf('/') + 1)));
    }

    List<JsonNode> of(String kind, String operation) {
        return events.stream()
                .filter(event -> kind(event).equals(kind)
                        && event.path("api").path("operation").asText().equals(operation))
                .toList();
    }
}
