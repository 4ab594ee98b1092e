package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** OCSF {@code severity_id}. Operations are {@link #INFORMATIONAL}; only detectors and rules raise it. */
public enum Severity {
    UNKNOWN(0),
    INFORMATIONAL(1),
    LOW(2),
    MEDIUM(3),
    HIGH(4),
    CRITICAL(5),
    FATAL(6),
    OTHER(99);

    private final int id;

    Severity(int id) {
        this.id = id;
    }

    @JsonValue
    public int id() {
        return id;
    }

    @JsonCreator
    static Severity of(int id) {
        for (Severity severity : values()) {
            if (severity.id == id) {
                return severity;
            }
        }
        return OTHER;
    }
}
