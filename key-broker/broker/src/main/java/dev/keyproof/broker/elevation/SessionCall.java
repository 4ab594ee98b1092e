package dev.keyproof.broker.elevation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A call that was made under an elevation.
 *
 * @param number its place in the session, as far as it was indexed; not without gaps
 * @param record {@code SOURCE/EPOCH/SEQUENCE} of its outcome
 * @param time when it came in, RFC 3339
 * @param key id of what it was about
 * @param code HTTP status of the answer
 * @param problem what was wrong, by its stable name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"record", "time", "operation", "key", "code", "problem"})
public record SessionCall(
        @JsonIgnore long number,
        String record,
        String time,
        String operation,
        @Nullable String key,
        int code,
        @Nullable String problem) {}
