package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;

/** An entry was withdrawn before it was sealed, and is not on the record now or later. */
public final class NotSealedException extends EvidenceException {
    private static final long serialVersionUID = 1;

    NotSealedException(String message, Throwable cause) {
        super(message, cause);
    }
}
