package dev.keyproof.evidence.witness;

/** What a witness says of a copy of the log. */
public sealed interface Opinion {
    /** The copy's head is, or goes on from, the last one that it cosigned. */
    record Agrees() implements Opinion {}

    /** It cosigned another history. */
    record Contradicts() implements Opinion {}

    /** It cosigned a head of more entries than the copy has. */
    record Knows(long size) implements Opinion {}

    /** It does not say. */
    record Silent(String reason) implements Opinion {}
}
