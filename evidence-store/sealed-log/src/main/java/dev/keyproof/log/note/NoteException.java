package dev.keyproof.log.note;

import dev.keyproof.log.LogException;
import org.jspecify.annotations.Nullable;

/** A note, checkpoint or verifier key is malformed, or its signatures are not what they must be. */
public final class NoteException extends LogException {
    private static final long serialVersionUID = 1L;

    public NoteException(String message) {
        super(message);
    }

    public NoteException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
