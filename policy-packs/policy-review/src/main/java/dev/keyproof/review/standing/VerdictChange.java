package dev.keyproof.review.standing;

import java.util.Optional;

/** How a rule's verdict on a subject differs between two policies; the worst first. */
public enum VerdictChange {
    /** What failed fails no more, though what it judges is as it was. */
    EXCUSED("failed before, fails no more"),
    /** What was judged cannot be any more. */
    UNJUDGED("judged before, cannot be judged now"),
    /** What did not fail fails. */
    FAILING("did not fail before, fails now"),
    /** A rule that applies now, or no more, and fails neither way. */
    REGRADED("another verdict that is no failure");

    private final String text;

    VerdictChange(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Empty where nothing changed. */
    static Optional<VerdictChange> between(Verdict before, Verdict after) {
        if (before == after) {
            return Optional.empty();
        }
        return Optional.of(
                switch (after) {
                    case FAIL -> FAILING;
                    case ERROR -> UNJUDGED;
                    case NOT_EVALUATED -> before == Verdict.ERROR || before == Verdict.NO_RULE ? REGRADED : UNJUDGED;
                    case PASS, NOT_APPLICABLE, NO_RULE -> before == Verdict.FAIL ? EXCUSED : REGRADED;
                });
    }
}
