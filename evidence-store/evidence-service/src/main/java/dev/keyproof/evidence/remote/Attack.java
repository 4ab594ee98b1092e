package dev.keyproof.evidence.remote;

/** What nobody may do to a locked version of an object. */
enum Attack {
    DELETE("deleting a locked version"),
    DELETE_BYPASSING("deleting a locked version, governance bypassed"),
    DELETE_BATCH("deleting a locked version in a batch"),
    SHORTEN("shortening its retention"),
    TO_GOVERNANCE("changing its retention to governance"),
    CLEAR("clearing its retention");

    private final String words;

    Attack(String words) {
        this.words = words;
    }

    /** Whether nothing is left to attack where it succeeds. */
    boolean deletes() {
        return this == DELETE || this == DELETE_BYPASSING || this == DELETE_BATCH;
    }

    /** For a sentence. */
    String words() {
        return words;
    }
}
