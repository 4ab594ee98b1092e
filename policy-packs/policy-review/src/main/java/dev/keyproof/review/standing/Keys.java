package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.review.history.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All keys of a history, folded from its events by one thread. */
final class Keys {
    private static final String OPERATION = "operation";

    private final Map<String, KeyRecord> keys = new TreeMap<>();

    /** Remembers what an event tells of a key. */
    void event(Place place, JsonNode event) {
        String key = event.path("resources").path(0).path("uid").asText();
        if (!key.isEmpty()
                && event.path("unmapped").path("keyproof").path("kind").asText().equals(OPERATION)) {
            keys.computeIfAbsent(key, any -> new KeyRecord()).outcome(place, event);
        }
    }

    /** Every key whose state is known, by name. */
    List<Subject> subjects() {
        List<Subject> known = new ArrayList<>();
        keys.forEach((key, record) -> subject(key, record).ifPresent(known::add));
        return known;
    }

    /** Empty where its state is not known. */
    Optional<Subject> subject(String key) {
        return Optional.ofNullable(keys.get(key)).flatMap(record -> subject(key, record));
    }

    private static Optional<Subject> subject(String key, KeyRecord record) {
        return Optional.ofNullable(record.told()).map(told -> new Subject("key", key, told, record::input));
    }
}
