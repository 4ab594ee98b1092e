package dev.keyproof.review.cli;

/** A review that cannot be made, or a policy that its own checks refuse. */
class ReviewException extends Exception {
    private static final long serialVersionUID = 1;

    ReviewException(String message) {
        super(message);
    }

    ReviewException(String message, Throwable cause) {
        super(message, cause);
    }
}
