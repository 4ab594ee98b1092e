package dev.keyproof.review.mutation;

/** A policy could not be mutated; the message says why, for whoever asked. */
public final class MutationException extends Exception {
    private static final long serialVersionUID = 1;

    MutationException(String message) {
        super(message);
    }

    MutationException(String message, Throwable cause) {
        super(message, cause);
    }
}
