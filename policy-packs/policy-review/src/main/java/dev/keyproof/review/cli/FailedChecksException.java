package dev.keyproof.review.cli;

/** The policy that is to be reviewed fails its own checks: its format, its types, its lint, its tests or what they cover. */
final class FailedChecksException extends ReviewException {
    private static final long serialVersionUID = 1L;

    FailedChecksException(String message) {
        super(message);
    }
}
