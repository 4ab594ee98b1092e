package dev.keyproof.log;

import org.jspecify.annotations.Nullable;

/** The one checked family of this module: a log could not be opened, read, written or proven. */
public class LogException extends Exception {
    private static final long serialVersionUID = 1L;

    public LogException(String message) {
        super(message);
    }

    public LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
