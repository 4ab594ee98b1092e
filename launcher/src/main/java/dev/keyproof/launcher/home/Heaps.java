package dev.keyproof.launcher.home;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.Map;

/** The largest heap of each Java process, in MiB. What a process takes in all is about 120 MiB more. */
public record Heaps(
        int broker,
        int console,
        int opensearch,
        int kafka,
        int evidence,
        int collector,
        int stream,
        int alertFeed,
        int indexer,
        int demo) {
    /** Heaps that keep all of it under 5 GiB. */
    public static Heaps small() {
        return new Heaps(384, 192, 512, 320, 192, 128, 512, 96, 128, 96);
    }

    /** Each heap under the name that the configuration gives it. */
    @JsonIgnore
    public Map<String, Integer> byName() {
        Map<String, Integer> heaps = new LinkedHashMap<>();
        heaps.put("broker", broker);
        heaps.put("console", console);
        heaps.put("opensearch", opensearch);
        heaps.put("kafka", kafka);
        heaps.put("evidence", evidence);
        heaps.put("collector", collector);
        heaps.put("stream", stream);
        heaps.put("alert-feed", alertFeed);
        heaps.put("indexer", indexer);
        heaps.put("demo", demo);
        return heaps;
    }
}
