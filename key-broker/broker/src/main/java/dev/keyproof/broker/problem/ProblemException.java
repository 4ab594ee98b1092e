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
    private final List<Told> explanation;

    public ProblemException(Problem problem, String detail) {
        this(problem, detail, List.of(), null, List.of(), false, List.of(), null);
    }

    public ProblemException(Problem problem, String detail, Throwable cause) {
        this(problem, detail, List.of(), null, List.of(), false, List.of(), cause);
    }

    private ProblemException(
            Problem problem,
            String detail,
            List<String> reasons,
            @Nullable String position,
            List<String> attempts,
            boolean withoutEffect,
            List<Told> explanation,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.problem = problem;
        this.reasons = List.copyOf(reasons);
        this.position = position;
        this.attempts = List.copyOf(attempts);
        this.withoutEffect = withoutEffect;
        this.explanation = List.copyOf(explanation);
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
                List.of(),
                null);
    }

    /** The same problem, now on the record at {@code position}. */
    public ProblemException recordedAt(String position) {
        return new ProblemException(problem, detail(), reasons, position, attempts, withoutEffect, explanation, this);
    }

    /** The same problem, after a provider was asked under these ids, each of which its own log shows. */
    public ProblemException after(List<String> requestIds) {
        return new ProblemException(problem, detail(), reasons, position, requestIds, withoutEffect, explanation, this);
    }

    /** The same problem of a call of which it is certain that nothing came about. */
    public ProblemException withoutEffect() {
        return new ProblemException(problem, detail(), reasons, position, attempts, true, explanation, this);
    }

    /** The same refusal with what the caller may be told of each reason. */
    public ProblemException explained(List<Told> told) {
        return new ProblemException(problem, detail(), reasons, position, attempts, withoutEffect, told, this);
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

    /** What the caller is told of each reason; empty where it did not ask, or is not told. */
    public List<Told> explanation() {
        return explanation;
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
