package dev.keyproof.broker.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for approval and what was signed over it.
 *
 * @param statement the JCS text that approvers sign
 * @param parameters what the operation is asked with, as a JSON object
 * @param quorum how many signatures policy asked for when the request was made
 * @param withdrawals how often a signature was taken back; what was read before the last one is old
 * @param role that approvers must have
 * @param enrolment the document of who is to be enrolled, where that is asked for
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
        String role,
        Instant created,
        Instant expires,
        int withdrawals,
        @Nullable String enrolment,
        @Nullable String usedBy,
        List<Given> signatures) {
    private static final ObjectMapper JSON = new ObjectMapper();

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
                role,
                created,
                expires,
                withdrawals,
                enrolment,
                usedBy,
                all);
    }

    /** Who is to be enrolled or revoked; null where the request is about nobody. */
    @Nullable String about() {
        if (!Set.of(BookEntry.ENROL, BookEntry.REVOKE).contains(operation)) {
            return null;
        }
        try {
            return JSON.readTree(parameters).path("approver").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database keeps parameters as JSON", e);
        }
    }

    /** The signatures that nobody took back. */
    public List<Given> standing() {
        return signatures.stream().filter(given -> given.withdrawn() == null).toList();
    }
}
