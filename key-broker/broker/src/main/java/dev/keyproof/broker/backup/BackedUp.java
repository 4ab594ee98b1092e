package dev.keyproof.broker.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.keyproof.broker.key.Algorithm;
import java.util.List;

/**
 * A backup of the replicated keys: useless without the root of their group.
 *
 * @param made RFC 3339 time in UTC
 * @param resident ids of keys that live in one token alone and are not here
 */
public record BackedUp(
        @JsonProperty(required = true) String made,
        @JsonProperty(required = true) List<Version> versions,
        @JsonProperty(required = true) List<String> resident) {
    /**
     * A key version.
     *
     * @param birth uid of the intent it was born by, to which its wrapped form is bound
     * @param wrapped in JSON in Base64
     */
    public record Version(
            @JsonProperty(required = true) String key,
            @JsonProperty(required = true) int version,
            @JsonProperty(required = true) Algorithm algorithm,
            @JsonProperty(required = true) String reference,
            @JsonProperty(required = true) String birth,
            @JsonProperty(required = true) byte[] wrapped) {}
}
