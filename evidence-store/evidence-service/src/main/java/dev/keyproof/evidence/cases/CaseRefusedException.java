package dev.keyproof.evidence.cases;

import dev.keyproof.evidence.store.EvidenceException;

/** What is asked for cannot be done in this case, for a reason that programs may want to know. */
public final class CaseRefusedException extends EvidenceException {
    private static final long serialVersionUID = 1;

    private final Why why;

    CaseRefusedException(Why why, String message) {
        super(message);
        this.why = why;
    }

    /** The reasons. */
    public enum Why {
        /** There is no such case. */
        NO_CASE,
        /** It was closed. */
        CLOSED,
        /** No signed head covers such an entry. */
        NOT_SEALED,
        /** It is there already. */
        TWICE,
        /** No such hold is in force. */
        NO_HOLD
    }

    public Why why() {
        return why;
    }
}
