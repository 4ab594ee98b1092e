package dev.keyproof.broker.approval;

import dev.keyproof.broker.problem.ProblemException;

/** What is on the record of the book of approvers. A broker can tell only of its own journal; its peers tell of theirs. */
public interface Sealing {
    /** What the record that an entry names says of it. */
    enum Word {
        /** This broker's own journal says so. */
        OWN,
        /** It is in the journal of a peer. */
        PEER,
        /** No record says so. */
        NONE
    }

    /** @throws ProblemException if the journal cannot be read */
    Word of(BookEntry entry) throws ProblemException;

    /** Puts on the record that the book says what it may not. */
    void tampered(BookEntry entry, String what) throws ProblemException;
}
