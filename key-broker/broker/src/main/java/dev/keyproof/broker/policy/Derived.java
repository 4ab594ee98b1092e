package dev.keyproof.broker.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Something that is made of a part of policy's parameters, and made anew when others are in force. Thread-safe. */
public final class Derived<T> implements Supplier<T> {
    private final Supplier<JsonNode> part;
    private final BiFunction<JsonNode, Optional<T>, T> making;
    private volatile Made<T> made;

    private record Made<T>(JsonNode of, T value) {}

    /**
     * Made now, so that what cannot be made is told at once.
     *
     * @param part the part, the same object as long as it is in force
     */
    public static <T> Derived<T> of(Supplier<JsonNode> part, Function<JsonNode, T> making) {
        return new Derived<>(part, (data, before) -> making.apply(data));
    }

    /** The same, of what was made before as well, where there is such. */
    public static <T> Derived<T> of(Supplier<JsonNode> part, BiFunction<JsonNode, Optional<T>, T> making) {
        return new Derived<>(part, making);
    }

    private Derived(Supplier<JsonNode> part, BiFunction<JsonNode, Optional<T>, T> making) {
        this.part = part;
        this.making = making;
        JsonNode data = part.get();
        this.made = new Made<>(data, making.apply(data, Optional.empty()));
    }

    @Override
    @SuppressWarnings(
            "ReferenceEquality") // Other parameters are another object; to compare them would take long at each call.
    public T get() {
        JsonNode data = part.get();
        Made<T> now = made;
        if (now.of() != data) {
            now = new Made<>(data, making.apply(data, Optional.of(now.value())));
            made = now;
        }
        return now.value();
    }
}
