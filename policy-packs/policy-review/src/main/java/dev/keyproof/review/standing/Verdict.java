package dev.keyproof.review.standing;

import dev.keyproof.policy.RuleResult;

/** What a rule says of a subject, or why it says nothing. */
public enum Verdict {
    PASS("PASS"),
    FAIL("FAIL"),
    NOT_APPLICABLE("NOT-APPLICABLE"),
    NOT_EVALUATED("NOT-EVALUATED"),
    /** The policy has no such rule. */
    NO_RULE("no such rule"),
    /** The policy's rules fail on this subject. */
    ERROR("error");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    static Verdict of(RuleResult result) {
        return switch (result.status()) {
            case PASS -> PASS;
            case FAIL -> FAIL;
            case NOT_APPLICABLE -> NOT_APPLICABLE;
            case NOT_EVALUATED -> NOT_EVALUATED;
        };
    }

    public String text() {
        return text;
    }
}
