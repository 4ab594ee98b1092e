package dev.keyproof.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found. {@code uid} is deterministic: the same flaw found again is the same finding. */
public record FindingInfo(
        String uid,
        String title,
        @Nullable String desc,
        @Nullable Long createdTime,
        @Nullable Long firstSeenTime,
        @Nullable Long lastSeenTime,
        @Nullable List<String> types,
        @Nullable Analytic analytic) {

    /** The rule or detector: {@code typeId} 1 is a rule, 2 behavioural, 3 statistical. */
    public record Analytic(
            String name, String uid, int typeId, @Nullable String version) {}
}
