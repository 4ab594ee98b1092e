package dev.keyproof.launcher.home;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.Map;

/** The loopback ports of an installation, one for each thing that listens. */
public record Ports(
        int broker,
        int console,
        int opensearch,
        int kafka,
        int kafkaController,
        int postgres,
        int evidence,
        int collector,
        int stream,
        int alertFeed,
        int indexer,
        int demo,
        int flink,
        int opensearchTransport) {
    /** Where the ports begin unless said otherwise. */
    public static final int DEFAULT_BASE = 18_440;

    /** How many ports follow a base. */
    public static final int COUNT = 14;

    /** The ports from {@code base} upwards. */
    public static Ports from(int base) {
        return new Ports(
                base, base + 1, base + 2, base + 3, base + 4, base + 5, base + 6, base + 7, base + 8, base + 9,
                base + 10, base + 11, base + 12, base + 13);
    }

    /** Each port under the name that the configuration gives it. */
    @JsonIgnore
    public Map<String, Integer> byName() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("broker", broker);
        ports.put("console", console);
        ports.put("opensearch", opensearch);
        ports.put("kafka", kafka);
        ports.put("kafka-controller", kafkaController);
        ports.put("postgres", postgres);
        ports.put("evidence", evidence);
        ports.put("collector", collector);
        ports.put("stream", stream);
        ports.put("alert-feed", alertFeed);
        ports.put("indexer", indexer);
        ports.put("demo", demo);
        ports.put("flink", flink);
        ports.put("opensearch-transport", opensearchTransport);
        return ports;
    }
}
