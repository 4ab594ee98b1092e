package dev.keyproof.witness;

import org.jspecify.annotations.Nullable;

/** The witness cannot start, or cannot keep its word. One line, with what to do. */
public final class WitnessException extends Exception {
    private static final long serialVersionUID = 1L;

    WitnessException(String message) {
        super(message);
    }

    WitnessException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
