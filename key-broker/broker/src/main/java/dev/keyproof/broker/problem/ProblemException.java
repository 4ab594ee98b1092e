package dev.keyproof.broker.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that cannot be answered as asked. The message goes to the caller: it names fields and rules, never a value that
 * may be secret.
 */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1;

    private static final int UNAVAILABLE = 503;

    private final Problem problem;
    private final List<String> reasons;
    private final @Nullable String position;
    private final List<String> attempts;
    private final boolean withoutEffect;

    public ProblemException(Problem problem, String detail) {
        this(problem, detail, List.of(), null, List.of(), false, null);
    }

    public ProblemException(Problem problem, String detail, Throwable cause) {
        this(problem, detail, List.of(), null, List.of(), false, cause);
    }

    private ProblemException(
            Problem problem,
            String detail,
            List<String> reasons,
            @Nullable String position,
            List<String> attempts,
            boolean withoutEffect,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.problem = problem;
        this.reasons = List.copyOf(reasons);
        this.position = position;
        this.attempts = List.copyOf(attempts);
        this.withoutEffect = withoutEffect;
    }

    /** Policy's refusal with its reason codes. */
    public static ProblemException denied(List<String> reasons) {
        return new ProblemException(
                Problem.DENIED,
                "Denied by policy: " + String.join(", ", reasons),
                reasons,
                null,
                List.of(),
                false,
                null);
    }

    /** The same problem, now on the record at {@code position}. */
    public ProblemException recordedAt(String position) {
        return new ProblemException(problem, detail(), reasons, position, attempts, withoutEffect, this);
    }

    /** The same problem, after a provider was asked under these ids, each of which its own log shows. */
    public ProblemException after(List<String> requestIds) {
        return new ProblemException(problem, detail(), reasons, position, requestIds, withoutEffect, this);
    }

    /** The same problem of a call of which it is certain that nothing came about. */
    public ProblemException withoutEffect() {
        return new ProblemException(problem, detail(), reasons, position, attempts, true, this);
    }

    /** Whether the same call may succeed later, and nothing of this one came about. */
    public boolean mayBeRepeated() {
        return withoutEffect && problem.status() == UNAVAILABLE;
    }

    public Problem problem() {
        return problem;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? problem.title() : message;
    }

    public List<String> reasons() {
        return reasons;
    }

    /** Where the refusal stands in the journal, once it does. */
    public @Nullable String position() {
        return position;
    }

    /** The ids under which a provider was asked before it failed. */
    public List<String> attempts() {
        return attempts;
    }
}
