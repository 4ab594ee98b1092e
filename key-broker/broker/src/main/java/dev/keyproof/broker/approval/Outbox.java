package dev.keyproof.broker.approval;

import dev.keyproof.broker.problem.ProblemException;

/** Takes down what people are to be told of an approval, in the transaction of what becomes of it. */
public interface Outbox {
    /** What there is to tell. */
    enum What {
        ASKED,
        ESCALATED,
        EXPIRING,
        OVERDUE,
        WITHDRAWN,
        EXECUTED,
        EXPIRED
    }

    /**
     * Takes it down unless it was before.
     *
     * @param level of those who are asked one after another, from 0; else a number that tells one from the next
     * @return whether it was new
     */
    boolean note(String approval, What what, int level) throws ProblemException;

    /** Whether that was taken down before. */
    boolean noted(String approval, What what) throws ProblemException;
}
