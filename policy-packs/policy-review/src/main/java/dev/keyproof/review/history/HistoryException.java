package dev.keyproof.review.history;

/** History that cannot be read, or is not what was sealed; one line that says which. */
public final class HistoryException extends Exception {
    private static final long serialVersionUID = 1;

    public HistoryException(String message) {
        super(message);
    }

    public HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
