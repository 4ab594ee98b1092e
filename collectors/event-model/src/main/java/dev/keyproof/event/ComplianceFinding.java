package dev.keyproof.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OCSF Compliance Finding (2003): the result of one rule on one subject; {@code activityId} is 1 create, 2 update, 3 close. */
@JsonPropertyOrder({"class_uid", "category_uid", "type_uid"})
public record ComplianceFinding(
        int activityId,
        long time,
        Severity severityId,
        @Nullable String message,
        Metadata metadata,
        FindingInfo findingInfo,
        Compliance compliance,
        @Nullable Remediation remediation,
        List<Resource> resources,
        ObjectNode unmapped)
        implements Event {

    /** OCSF class 2003. */
    public static final int CLASS_UID = 2003;

    /** What cures the finding. */
    public record Remediation(String desc) {}

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
