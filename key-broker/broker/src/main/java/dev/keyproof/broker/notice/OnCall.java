package dev.keyproof.broker.notice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approver;
import dev.keyproof.broker.approval.Approvers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Who is asked first, whom next and after how long; and how long a quorum may take. */
public final class OnCall {
    private final Supplier<JsonNode> approving;

    /** @param approving {@code approving} of policy's parameters, as it is in force */
    public OnCall(Supplier<JsonNode> approving) {
        this.approving = approving;
    }

    /** How long a quorum may take. */
    Duration target() {
        return Duration.ofMinutes(approving.get().path("quorumMinutes").asLong());
    }

    /** How long before its end people are told that a request is about to expire. */
    Duration expiring() {
        return Duration.ofMinutes(approving.get().path("expiringMinutes").asLong());
    }

    /** The highest level that is to be asked by now, from 0. */
    int level(Approval approval, Instant now) {
        int level = 0;
        JsonNode levels = approving.get().path("onCall").path(approval.role());
        for (int i = 1; i < levels.size(); i++) {
            long minutes = levels.path(i).path("afterMinutes").asLong();
            if (!now.isBefore(approval.created().plus(Duration.ofMinutes(minutes)))) {
                level = i;
            }
        }
        return level;
    }

    /** Whom a level asks; all who have the role where nobody is on call for it. */
    Set<String> asked(Approval approval, int level, Approvers approvers) {
        Set<String> asked = new LinkedHashSet<>();
        approving
                .get()
                .path("onCall")
                .path(approval.role())
                .path(level)
                .path("approvers")
                .forEach(id -> asked.add(id.asText()));
        if (asked.isEmpty()) {
            for (Approver approver : approvers.all()) {
                if (approver.roles().contains(approval.role())) {
                    asked.add(approver.id());
                }
            }
        }
        return asked;
    }

    /** Whom all levels up to that one ask. */
    List<String> askedUpTo(Approval approval, int level, Approvers approvers) {
        Set<String> asked = new LinkedHashSet<>();
        for (int i = 0; i <= level; i++) {
            asked.addAll(asked(approval, i, approvers));
        }
        return new ArrayList<>(asked);
    }
}
