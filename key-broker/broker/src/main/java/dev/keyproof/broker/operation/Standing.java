package dev.keyproof.broker.operation;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.decision.Explanations;
import dev.keyproof.broker.decision.Verdict;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;
import java.util.function.Supplier;

/**
 * Calls that ask how the broker stands: decided and recorded as all others, but without the keys' state, for they are asked most when
 * that cannot be read. So the kill switch is off to policy here, which it must not depend on.
 */
public final class Standing {
    private final Decisions decisions;
    private final Explanations explanations;
    private final Recorder recorder;

    public Standing(Decisions decisions, Explanations explanations, Recorder recorder) {
        this.decisions = decisions;
        this.explanations = explanations;
        this.recorder = recorder;
    }

    /**
     * What is asked for, if policy lets the caller have it.
     *
     * @throws ProblemException if it does not, or the answer cannot be recorded
     */
    public <T> Answer<T> ask(Call call, Action action, Supplier<T> answer) throws ProblemException {
        Draft draft = Draft.of(action, call);
        Verdict verdict = decisions.decide(call, action.name(), null, Ask.PLAIN, false, null, null);
        draft.decided(verdict.recorded());
        try {
            explanations.require(call, verdict, true, false);
        } catch (ProblemException e) {
            throw e.recordedAt(recorder.append(draft.failed(e)).position().toString());
        }
        T value = answer.get();
        return new Answer<>(
                value, recorder.append(draft.succeeded(200)).position().toString());
    }
}
