package dev.keyproof.broker.provider;

import java.util.List;

/**
 * What a provider answered, and the ids it gave each attempt: a cloud records every attempt in its own log, so the record
 * names them all. A device that gives none answers with an empty list.
 */
public record Attempt<T>(T value, List<String> requestIds) {
    /** An answer of a device that gives no ids. */
    public static <T> Attempt<T> of(T value) {
        return new Attempt<>(value, List.of());
    }
}
