package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.PolicyBundle;
import java.util.List;
import java.util.Map;

/** Past decisions, and the events around them. */
public interface SealedHistory {
    /** Takes both in the order in which they were sealed. */
    @FunctionalInterface
    interface Sink {
        void take(SealedDecision decision) throws HistoryException;

        /** Whatever is on the record, also what is no event; a decision in it is handed over besides. */
        default void event(Place place, JsonNode event) throws HistoryException {}

        /** Whether it is told of events at all; where it is not, much less is read. */
        default boolean takesEvents() {
            return true;
        }

        /** The policies that are to be asked: decisions on which they read the same may share a case. */
        default List<DecisionMemo> policies() {
            return List.of();
        }
    }

    /**
     * Hands over every decision in a period, and every event until its end.
     *
     * @return how many outcomes of operations in the period carry no decision that could be made again, by why
     * @throws HistoryException if an entry is not what was sealed, or cannot be read
     */
    Map<String, Long> read(Period period, Sink sink) throws HistoryException;

    /**
     * That the entry is in its log.
     *
     * @throws HistoryException if the log cannot prove it
     */
    InclusionProof proof(Place place) throws HistoryException;

    /** What of it nobody proved, a sentence each; empty where all is proven that can be. Known once it was read. */
    default List<String> unproven() {
        return List.of();
    }

    /** Whether no entry before its end is kept from the reader. Known once it was read. */
    default boolean isWhole() {
        return true;
    }

    /** The policies that were kept with it. */
    List<PolicyBundle> policies() throws HistoryException;
}
