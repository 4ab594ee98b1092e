package dev.keyproof.collector.publish;

/** Kafka did not take a batch, or cannot be reached. The batch is not published, or will be found published after a reconnect. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean superseded;

    PublishException(String message, Throwable cause, boolean superseded) {
        super(message, cause);
        this.superseded = superseded;
    }

    /** Whether another collector has taken over this instance's name: then this one must stop. */
    public boolean superseded() {
        return superseded;
    }

    /** Always there. */
    public String reason() {
        String message = getMessage();
        return message == null ? "unknown" : message;
    }
}
