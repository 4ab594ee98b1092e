package dev.keyproof.policy.plan;

/** A plan that is none, or an evaluation that ended without an answer: a conflict between rules, too many steps, too deep, too large. */
public final class PlanException extends Exception {
    private static final long serialVersionUID = 1L;

    PlanException(String message) {
        super(message);
    }

    PlanException(String message, Throwable cause) {
        super(message, cause);
    }
}
