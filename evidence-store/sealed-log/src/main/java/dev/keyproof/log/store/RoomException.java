package dev.keyproof.log.store;

import org.jspecify.annotations.Nullable;

/** Preallocation failed; nothing was written. */
final class RoomException extends Exception {
    private static final long serialVersionUID = 1L;

    RoomException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
