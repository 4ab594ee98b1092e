package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The states of NIST SP 800-57 part 1, section 7. */
public enum KeyState {
    PRE_ACTIVE,
    ACTIVE,
    SUSPENDED,
    DEACTIVATED,
    COMPROMISED,
    DESTROYED;

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @JsonCreator
    public static KeyState of(String json) {
        return valueOf(json.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
