package dev.keyproof.review.replay;

/** How a decision differs between two policies; the worst first. */
public enum Change {
    /** What was refused is allowed. */
    OPENED("refused before, allowed now"),
    /** What was allowed is refused. */
    LOCKED("allowed before, refused now"),
    /** What was decided cannot be any more. */
    UNDECIDABLE("decided before, cannot be decided now"),
    /** The same word for other reasons, or with other obligations. */
    REASONS("the same word for other reasons or with other obligations");

    private final String text;

    Change(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
