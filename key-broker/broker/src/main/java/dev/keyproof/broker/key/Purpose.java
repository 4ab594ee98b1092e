package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A key does one thing only. */
public enum Purpose {
    ENCRYPT,
    SIGN,
    MAC;

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Purpose of(String json) {
        return valueOf(json.toUpperCase(Locale.ROOT));
    }
}
