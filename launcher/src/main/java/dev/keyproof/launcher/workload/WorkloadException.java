package dev.keyproof.launcher.workload;

/** The workload did not go as it should; the message says which call and why. */
public final class WorkloadException extends Exception {
    private static final long serialVersionUID = 1L;

    WorkloadException(String message) {
        super(message);
    }

    WorkloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
