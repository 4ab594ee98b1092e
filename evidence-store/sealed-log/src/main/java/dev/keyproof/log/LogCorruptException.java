package dev.keyproof.log;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not what was written. The message names the file and the place in it. */
public final class LogCorruptException extends LogException {
    private static final long serialVersionUID = 1L;

    public LogCorruptException(String message) {
        super(message);
    }

    public LogCorruptException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
