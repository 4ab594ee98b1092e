package dev.keyproof.evidence.pack;

/** What a rule said of a key, the gravest first. */
enum Outcome {
    FAIL("FAIL", "black"),
    NOT_EVALUATED("NOT-EVALUATED", "url(#not-evaluated)"),
    NOT_APPLICABLE("NOT-APPLICABLE", "url(#not-applicable)"),
    PASS("PASS", "white");

    private final String word;
    private final String fill;

    Outcome(String word, String fill) {
        this.word = word;
        this.fill = fill;
    }

    /** A word that no rule says leaves open what was found. */
    static Outcome of(String word) {
        for (Outcome outcome : values()) {
            if (outcome.word.equals(word)) {
                return outcome;
            }
        }
        return NOT_EVALUATED;
    }

    String word() {
        return word;
    }

    /** How its part of a bar is filled: the pattern tells it on paper as on a screen. */
    String fill() {
        return fill;
    }
}
