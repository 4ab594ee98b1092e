package dev.keyproof.event;

/** Bytes that are not an event, or an event that cannot be encoded. The message says which field and why, never its value. */
public final class EventFormatException extends Exception {
    private static final long serialVersionUID = 1;

    public EventFormatException(String message) {
        super(message);
    }

    public EventFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
