package dev.keyproof.evidence.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Extension;
import dev.keyproof.policy.Decision;

/** What policy decided of one call, and on what. */
public record Admission(Caller caller, Operation operation, Decision decision, ObjectNode input) {
    public boolean allowed() {
        return decision.allow();
    }

    /** For how many minutes a pack may be downloaded by a link; 0 where policy does not say. */
    public int linkMinutes() {
        return decision.result().path("obligations").path("linkMinutes").asInt(0);
    }

    Extension.Decision recorded() {
        return decision.recorded(input);
    }
}
