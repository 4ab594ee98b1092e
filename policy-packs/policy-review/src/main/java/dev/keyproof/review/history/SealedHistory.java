package dev.keyproof.review.history;

import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.policy.PolicyBundle;
import java.util.List;
import java.util.Map;

/** Past decisions. */
public interface SealedHistory {
    /** Takes decisions in the order in which they were sealed. */
    @FunctionalInterface
    interface Sink {
        void take(SealedDecision decision) throws HistoryException;
    }

    /**
     * Hands over every decision.
     *
     * @return how many outcomes of operations carry no decision that could be made again, by why
     * @throws HistoryException if an entry is not what was sealed, or cannot be read
     */
    Map<String, Long> read(Sink sink) throws HistoryException;

    /**
     * That the entry is in its log.
     *
     * @throws HistoryException if the log cannot prove it
     */
    InclusionProof proof(Place place) throws HistoryException;

    /** The policies that were kept with it. */
    List<PolicyBundle> policies() throws HistoryException;
}
