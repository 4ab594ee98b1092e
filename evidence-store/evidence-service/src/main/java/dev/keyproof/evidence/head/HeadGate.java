package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;

/** Whoever may forbid that a further head is signed. */
@FunctionalInterface
public interface HeadGate {
    /**
     * Returns if a head of that year may be signed.
     *
     * @throws EvidenceException saying why not, in one line
     */
    void requireOpen(int year) throws EvidenceException;
}
