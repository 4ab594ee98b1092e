package dev.keyproof.evidence.store;

import org.jspecify.annotations.Nullable;

/** The one checked family of this module: something could not be sealed, signed, stamped or packed. One line, with what to do. */
public class EvidenceException extends Exception {
    private static final long serialVersionUID = 1;

    public EvidenceException(String message) {
        super(message);
    }

    public EvidenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
