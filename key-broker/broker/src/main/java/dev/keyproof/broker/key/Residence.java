package dev.keyproof.broker.key;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a key lives. */
public enum Residence {
    /** Born in the device and never leaving it, for the few keys of which one device is the only home. */
    RESIDENT,
    /** Born in the device and kept outside of it, wrapped by a KEK of the device; any number of them, in any device of the group. */
    REPLICATED;

    /** The name in the API, in policy and in events. */
    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }
}
