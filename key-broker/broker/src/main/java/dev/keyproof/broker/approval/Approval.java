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
 * @param withdrawals how often a signature was taken back; what was read before the last one is old
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
        int withdrawals,
        @Nullable String usedBy,
        List<Given> signatures) {

    /**
     * One approver's signature.
     *
     * @param signed what was made; null in lists, which leave it out
     * @param withdrawn when the approver took it back, for good: the request needs another's
     */
    public record Given(
            String approver,
            String thumbprint,
            @Nullable Signed signed,
            Instant given,
            @Nullable Instant withdrawn) {}

    Approval signedBy(List<Given> all) {
        return new Approval(
                id,
                statement,
                operation,
                key,
                change,
                parameters,
                requester,
                quorum,
                created,
                expires,
                withdrawals,
                usedBy,
                all);
    }

    /** The signatures that nobody took back. */
    public List<Given> standing() {
        return signatures.stream().filter(given -> given.withdrawn() == null).toList();
    }
}
