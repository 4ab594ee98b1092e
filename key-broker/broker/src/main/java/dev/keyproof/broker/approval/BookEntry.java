package dev.keyproof.broker.approval;

import org.jspecify.annotations.Nullable;

/**
 * One entry of the book of approvers.
 *
 * @param number from 1, without gaps
 * @param operation {@link #ENROL} or {@link #REVOKE}
 * @param document canonical JSON of what is enrolled; of a revocation {@code {"approver": ID}}
 * @param evidence the approval that it was made by, as records carry it; null for the first approvers
 * @param source whose journal holds the record that says so
 * @param sequence of that record
 */
public record BookEntry(
        long number,
        String operation,
        String document,
        @Nullable String evidence,
        String source,
        String epoch,
        long sequence) {
    public static final String ENROL = "EnrolApprover";
    public static final String REVOKE = "RevokeApprover";

    /** What its record has as {@code entry}: the digest of number, operation and document. */
    public String digest() {
        return Statement.digest(number + " " + operation + " " + document);
    }

    /** The same entry, on the record there. */
    public BookEntry at(String journal, String itsEpoch, long place) {
        return new BookEntry(number, operation, document, evidence, journal, itsEpoch, place);
    }
}
