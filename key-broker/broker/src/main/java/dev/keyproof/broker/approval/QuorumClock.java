package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a request waited for its quorum.
 *
 * @param requested when it was asked for
 * @param reached when as many signatures stood as policy had asked for; of those that still stand
 */
public record QuorumClock(Instant requested, Optional<Instant> reached, Instant now) {
    static QuorumClock of(Approval approval, Instant now) {
        return new QuorumClock(
                approval.created(),
                approval.standing().stream()
                        .map(Approval.Given::given)
                        .sorted()
                        .skip(approval.quorum() - 1L)
                        .findFirst(),
                now);
    }

    /** Adds {@code quorumClock}: whether it is {@code met}, and {@code seconds} to it, or until now where it is not. */
    public void describe(ObjectNode record) {
        ObjectNode node = record.putObject("quorumClock").put("requested", requested.toString());
        reached.ifPresent(at -> node.put("reached", at.toString()));
        node.put("met", reached.isPresent());
        node.put("seconds", Duration.between(requested, reached.orElse(now)).toSeconds());
    }
}
