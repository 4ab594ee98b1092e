package dev.keyproof.review.install;

/** A policy could not be installed; what was installed before stays. */
public final class InstallException extends Exception {
    private static final long serialVersionUID = 1;

    public InstallException(String message) {
        super(message);
    }

    InstallException(String message, Throwable cause) {
        super(message, cause);
    }
}
