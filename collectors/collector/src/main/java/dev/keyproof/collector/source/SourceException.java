package dev.keyproof.collector.source;

/** An origin that cannot be read at present. The message says which and why, never a value from it. */
public final class SourceException extends Exception {
    private static final long serialVersionUID = 1;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Always there. */
    public String reason() {
        String message = getMessage();
        return message == null ? "unknown" : message;
    }
}
