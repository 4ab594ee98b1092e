package dev.keyproof.alerts;

/** A configuration that cannot be used. The message is one line that names the key, never a secret. */
final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }
}
