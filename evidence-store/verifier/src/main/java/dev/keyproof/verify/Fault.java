package dev.keyproof.verify;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong, and where.
 *
 * @param reason its name among all that can be wrong
 * @param file the file of the pack, or the part of the zip ({@code zip header of NAME}, {@code zip directory}, {@code zip end})
 * @param entry the place in the file, for example {@code entry 17} or {@code byte 203}, where there is one
 * @param sentence what is wrong in this case
 */
public record Fault(Reason reason, String file, @Nullable String entry, String sentence) {
    public static Fault of(Reason reason, String file, String sentence) {
        return new Fault(reason, file, null, sentence);
    }

    public static Fault at(Reason reason, String file, String entry, String sentence) {
        return new Fault(reason, file, entry, sentence);
    }

    @Override
    public String toString() {
        return entry == null ? file + ": " + sentence : file + ", " + entry + ": " + sentence;
    }
}
