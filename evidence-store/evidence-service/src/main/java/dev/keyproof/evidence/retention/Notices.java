package dev.keyproof.evidence.retention;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.evidence.seal.LogEvents;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which ends the log has announced, and since when; made again from the log at each start. Thread-safe. */
public final class Notices {
    private final Map<LogEvents.YearEnds, Instant> since = new ConcurrentHashMap<>();

    /** Takes an entry of a log. */
    public void entry(JsonNode json) {
        LogEvents.announced(json)
                .ifPresent(
                        end -> add(end, Instant.ofEpochMilli(json.path("time").asLong())));
    }

    /** The first of several counts. */
    void add(LogEvents.YearEnds end, Instant time) {
        since.putIfAbsent(end, time);
    }

    Optional<Instant> since(LogEvents.YearEnds end) {
        return Optional.ofNullable(since.get(end));
    }
}
