package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** OCSF {@code status_id} of an operation. */
public enum Status {
    UNKNOWN(0),
    SUCCESS(1),
    FAILURE(2),
    OTHER(99);

    private final int id;

    Status(int id) {
        this.id = id;
    }

    @JsonValue
    public int id() {
        return id;
    }

    @JsonCreator
    static Status of(int id) {
        for (Status status : values()) {
            if (status.id == id) {
                return status;
            }
        }
        return OTHER;
    }
}
