package dev.keyproof.log.journal;

import dev.keyproof.log.LogFullException;
import org.jspecify.annotations.Nullable;

/** The journal could not preallocate: the append was refused and counted, and nothing of it was written. */
public final class JournalFullException extends LogFullException {
    private static final long serialVersionUID = 1L;

    public JournalFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
