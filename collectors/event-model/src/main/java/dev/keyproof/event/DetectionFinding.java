package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OCSF Detection Finding (2004): an anomaly or a break of continuity; an alert where {@code isAlert}. */
@JsonPropertyOrder({"class_uid", "category_uid", "type_uid"})
public record DetectionFinding(
        int activityId,
        long time,
        @Nullable Long startTime,
        @Nullable Long endTime,
        @Nullable Integer count,
        Severity severityId,
        boolean isAlert,
        @Nullable String message,
        Metadata metadata,
        FindingInfo findingInfo,
        @Nullable List<Attack> attacks,
        List<Resource> resources,
        ObjectNode unmapped)
        implements Event {

    /** OCSF class 2004. */
    public static final int CLASS_UID = 2004;

    /** An ATT&CK technique, with the version of the matrix that the id comes from. */
    public record Attack(Technique technique, String version) {
        /** A technique by id and name. */
        public record Technique(String uid, String name) {}
    }

    @JsonProperty
    public int classUid() {
        return CLASS_UID;
    }

    @JsonProperty
    public int categoryUid() {
        return 2;
    }

    @JsonProperty
    public int typeUid() {
        return CLASS_UID * 100 + activityId;
    }
}
