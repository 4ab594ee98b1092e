package dev.keyproof.review.pages;

/** The packs do not say of themselves what the pages are to say. */
public final class PagesException extends Exception {
    private static final long serialVersionUID = 1;

    PagesException(String message) {
        super(message);
    }

    PagesException(String message, Throwable cause) {
        super(message, cause);
    }
}
