package dev.keyproof.policy.plan;

/** Ends an evaluation from within; {@link Plan} turns it into a {@link PlanException}. It has no stack trace: it tells of the policy, not of us. */
final class Abort extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Abort(String message) {
        super(message, null, false, false);
    }
}
