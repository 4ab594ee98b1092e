package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OCSF API Activity (6003): one key operation, attempted or done, by us or by a cloud. Times and {@code duration} are in
 * milliseconds; what OCSF has no place for stands in {@code unmapped}, ours under {@code keyproof} ({@link Extension}).
 */
@JsonPropertyOrder({"class_uid", "category_uid", "type_uid"})
public record ApiActivity(
        int activityId,
        String activityName,
        long time,
        @Nullable Long startTime,
        @Nullable Long duration,
        @Nullable Integer count,
        Severity severityId,
        Status statusId,
        @Nullable String statusCode,
        @Nullable String statusDetail,
        @Nullable String message,
        Metadata metadata,
        Actor actor,
        Api api,
        Endpoint srcEndpoint,
        @Nullable HttpRequest httpRequest,
        @Nullable Cloud cloud,
        @Nullable List<Resource> resources,
        ObjectNode unmapped)
        implements Event {

    /** OCSF class 6003. */
    public static final int CLASS_UID = 6003;

    @JsonProperty
    public int classUid() {
        return CLASS_UID;
    }

    @JsonProperty
    public int categoryUid() {
        return 6;
    }

    @JsonProperty
    public int typeUid() {
        return CLASS_UID * 100 + activityId;
    }

    /** The same event at its place in the order of its source. */
    public ApiActivity at(String source, long sequence, ObjectNode unmapped) {
        return new ApiActivity(
                activityId,
                activityName,
                time,
                startTime,
                duration,
                count,
                severityId,
                statusId,
                statusCode,
                statusDetail,
                message,
                metadata.at(source, sequence),
                actor,
                api,
                srcEndpoint,
                httpRequest,
                cloud,
                resources,
                unmapped);
    }
}
