package dev.keyproof.verify;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong, and where.
 *
 * @param file the file of the pack, or the part of the zip ({@code zip header of NAME}, {@code zip directory}, {@code zip end})
 * @param entry the place in the file, for example {@code entry 17} or {@code byte 203}, where there is one
 * @param reason one sentence
 */
public record Fault(String file, @Nullable String entry, String reason) {
    public static Fault of(String file, String reason) {
        return new Fault(file, null, reason);
    }

    public static Fault at(String file, String entry, String reason) {
        return new Fault(file, entry, reason);
    }

    @Override
    public String toString() {
        return entry == null ? file + ": " + reason : file + ", " + entry + ": " + reason;
    }
}
