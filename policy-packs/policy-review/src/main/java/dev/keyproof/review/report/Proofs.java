package dev.keyproof.review.report;

import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.Place;

/** Proves that an example is in its log. */
@FunctionalInterface
public interface Proofs {
    InclusionProof of(Place place) throws HistoryException;
}
