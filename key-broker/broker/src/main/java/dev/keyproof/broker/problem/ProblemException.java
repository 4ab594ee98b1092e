package dev.keyproof.broker.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that cannot be answered as asked. The message goes to the caller: it names fields and rules, never a value that
 * may be secret.
 */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1;

    private final Problem problem;
    private final List<String> reasons;
    private final @Nullable String position;

    public ProblemException(Problem problem, String detail) {
        this(problem, detail, List.of(), null, null);
    }

    public ProblemException(Problem problem, String detail, Throwable cause) {
        this(problem, detail, List.of(), null, cause);
    }

    private ProblemException(
            Problem problem,
            String detail,
            List<String> reasons,
            @Nullable String position,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.problem = problem;
        this.reasons = List.copyOf(reasons);
        this.position = position;
    }

    /** Policy's refusal with its reason codes. */
    public static ProblemException denied(List<String> reasons) {
        return new ProblemException(
                Problem.DENIED, "Denied by policy: " + String.join(", ", reasons), reasons, null, null);
    }

    /** The same problem, now on the record at {@code position}. */
    public ProblemException recordedAt(String position) {
        return new ProblemException(problem, detail(), reasons, position, this);
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
}
