package dev.keyproof.broker.approval;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for approval and what was signed over it.
 *
 * @param statement the JCS text that approvers sign
 * @param parameters what the operation is asked with, as a JSON object
 * @param quorum how many signatures policy asked for when the request was made
 * @param usedBy uid of the intent that used it up
 */
public record Approval(
        String id,
        String statement,
        String operation,
        String key,
        String change,
        String parameters,
        String requester,
        int quorum,
        Instant created,
        Instant expires,
        @Nullable String usedBy,
        List<Given> signatures) {

    /** One approver's signature. */
    public record Given(String approver, String thumbprint, String jws, Instant given) {}
}
