package dev.keyproof.policy;

/** A bundle, its data or its evaluation is not as it must be. The message is one line that says what and where. */
public final class PolicyException extends Exception {
    public PolicyException(String message) {
        super(message);
    }

    public PolicyException(String message, Throwable cause) {
        super(message, cause);
    }
}
