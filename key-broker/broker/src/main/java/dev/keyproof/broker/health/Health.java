package dev.keyproof.broker.health;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the broker can do its work, and which of its parts can. Asking costs nothing and waits for nothing. */
public final class Health {
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** A part that is looked at. */
    @FunctionalInterface
    public interface Part {
        /** What is wrong with it, or null. */
        @Nullable String fault();
    }

    /** What a part was found to be; {@code reason} is null where it is up. */
    public record Found(boolean up, @Nullable String reason) {}

    /** Adds a part. Before the first question, in one thread. */
    public Health with(String name, Part part) {
        parts.put(name, part);
        return this;
    }

    /** Whether all parts are up. */
    public boolean ready() {
        return parts.values().stream().allMatch(part -> part.fault() == null);
    }

    /** Each part by its name. */
    public Map<String, Found> parts() {
        Map<String, Found> found = new LinkedHashMap<>();
        parts.forEach((name, part) -> {
            String fault = part.fault();
            found.put(name, new Found(fault == null, fault));
        });
        return found;
    }
}
