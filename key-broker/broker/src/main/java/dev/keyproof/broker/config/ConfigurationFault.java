package dev.keyproof.broker.config;

import java.util.List;

/** The broker cannot start as configured, or not on what it finds. Each line says what, why and what to do. */
public final class ConfigurationFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> lines;

    public ConfigurationFault(List<String> lines) {
        super(String.join("; ", lines));
        this.lines = List.copyOf(lines);
    }

    public ConfigurationFault(String line, Throwable cause) {
        super(line, cause);
        this.lines = List.of(line);
    }

    public ConfigurationFault(String line) {
        this(List.of(line));
    }

    public List<String> lines() {
        return lines;
    }
}
