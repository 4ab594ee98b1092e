package dev.keyproof.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** The {@code time} of a policy input: policies have no clock of their own. */
public final class PolicyTime {
    private PolicyTime() {}

    /** {@code epoch} in seconds, {@code rfc3339}, {@code weekday} as {@code mon} to {@code sun}, {@code hour}; all UTC. */
    public static ObjectNode of(long millis) {
        ZonedDateTime utc = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
        return JsonNodeFactory.instance
                .objectNode()
                .put("epoch", Math.floorDiv(millis, 1000L))
                .put("rfc3339", utc.toInstant().toString())
                .put(
                        "weekday",
                        utc.getDayOfWeek()
                                .getDisplayName(TextStyle.SHORT, Locale.ROOT)
                                .toLowerCase(Locale.ROOT)
                                .substring(0, 3))
                .put("hour", utc.getHour());
    }
}
