package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.event.Extension;
import java.util.List;

/**
 * What policy decided on one input.
 *
 * @param allow whether the operation may be done
 * @param reasons codes, sorted; {@value #UNDEFINED} and {@value #ERROR} are the engine's own, the others the pack's
 * @param result the whole result, as it is recorded
 * @param policyDigest {@code sha256:} and the hex digest of the bundle that decided
 * @param dataDigest {@code sha256:} and the hex digest of the data that it read
 */
public record Decision(boolean allow, List<String> reasons, JsonNode result, String policyDigest, String dataDigest) {
    /** The policy has no answer to this input. */
    public static final String UNDEFINED = "undefined";

    /** The policy could not be evaluated (no free instance in time, a failure inside), or its answer is no decision. */
    public static final String ERROR = "error";

    public Decision {
        reasons = List.copyOf(reasons);
    }

    /** How many approvals the operation needs; 0 when it needs none. */
    public int quorum() {
        return result.path("obligations").path("approvals").path("quorum").asInt(0);
    }

    /** The decision as an event carries it, with the input it was made on, so that it can be made again. */
    public Extension.Decision recorded(JsonNode input) {
        return new Extension.Decision(allow, policyDigest, dataDigest, input, result);
    }
}
