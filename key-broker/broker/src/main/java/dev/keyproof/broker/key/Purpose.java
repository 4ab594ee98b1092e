package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A key does one thing only. */
public enum Purpose {
    /** Encrypts and decrypts data. */
    ENCRYPT,
    /** A data KEK: encrypts and decrypts data keys, which are registered and follow its rotation, and nothing else. */
    WRAP,
    SIGN,
    MAC,
    /** Derives keys by NIST SP 800-108. */
    DERIVE;

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Purpose of(String json) {
        return valueOf(json.toUpperCase(Locale.ROOT));
    }
}
