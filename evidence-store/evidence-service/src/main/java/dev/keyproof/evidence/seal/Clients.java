package dev.keyproof.evidence.seal;

import java.util.HashMap;
import java.util.Map;

/** How the sealing reads from Kafka, and publishes findings of our own. */
final class Clients {
    private static final String ID = "evidence-service";

    private Clients() {}

    /** What is committed, from the positions that stand in the log. */
    static Map<String, Object> consumer(Map<String, String> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.put("auto.offset.reset", "earliest");
        config.put("max.poll.records", "1000");
        config.put("fetch.max.bytes", Integer.toString(8 << 20));
        config.put("client.id", ID);
        return config;
    }

    static Map<String, Object> producer(Map<String, String> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("acks", "all");
        config.put("enable.idempotence", "true");
        config.put("buffer.memory", Integer.toString(8 << 20));
        config.put("client.id", ID);
        return config;
    }
}
