package dev.keyproof.broker.ceremony;

/** A ceremony that cannot go on; the message is one line for the people in the room. */
public final class CeremonyException extends Exception {
    private static final long serialVersionUID = 1;

    public CeremonyException(String message) {
        super(message);
    }

    public CeremonyException(String message, Throwable cause) {
        super(message, cause);
    }
}
