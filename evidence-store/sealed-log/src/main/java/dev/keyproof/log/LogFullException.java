package dev.keyproof.log;

import org.jspecify.annotations.Nullable;

/**
 * There is no room to preallocate: the entry was refused and nothing of it was written. The log goes on as soon as there is room; the
 * same entry may be offered again.
 */
public class LogFullException extends LogException {
    private static final long serialVersionUID = 1L;

    public LogFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
