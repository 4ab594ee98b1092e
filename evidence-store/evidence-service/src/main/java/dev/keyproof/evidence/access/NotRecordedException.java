package dev.keyproof.evidence.access;

/** What was done could not be put on record, so that it must not be answered. */
public final class NotRecordedException extends Exception {
    private static final long serialVersionUID = 1;

    NotRecordedException(String message, Throwable cause) {
        super(message, cause);
    }
}
