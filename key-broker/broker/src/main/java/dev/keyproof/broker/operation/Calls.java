package dev.keyproof.broker.operation;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.decision.Verdict;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.metrics.Meters;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Resource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way through which every call of a known caller goes: key, decision, effect, record, answer. Whatever happens, one
 * outcome is on the record before anything is answered.
 */
public final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    /** No key's id is longer, nor any alias. */
    private static final int LONGEST_ID = 64;

    private final LeasedKeys keys;
    private final Permits permits;
    private final Recorder recorder;
    private final Settlement settlement;
    private final Meters meters;

    public Calls(LeasedKeys keys, Permits permits, Recorder recorder, Settlement settlement, Meters meters) {
        this.keys = keys;
        this.permits = permits;
        this.recorder = recorder;
        this.settlement = settlement;
        this.meters = meters;
    }

    /** What an allowed call does. */
    @FunctionalInterface
    public interface Effect<T> {
        T bring(Outcome outcome) throws ProblemException;
    }

    /** What a call asks of policy, once its key is known; may refuse for itself. */
    @FunctionalInterface
    public interface Asking {
        Ask ask(@Nullable HeldKey key) throws ProblemException;
    }

    /**
     * Performs a call.
     *
     * @param keyId the key it is about, or null for none
     * @param success HTTP status of success
     * @throws ProblemException what went wrong; with its position unless it could not be recorded
     */
    public <T> Answer<T> perform(
            Call call, Action action, @Nullable String keyId, int success, Asking asking, Effect<T> effect)
            throws ProblemException {
        return perform(call, action, keyId, success, asking, permits.desk(), effect);
    }

    /** The same, where the change that the call names is not asked for at the desk. */
    <T> Answer<T> perform(
            Call call,
            Action action,
            @Nullable String keyId,
            int success,
            Asking asking,
            Permits.LookUp lookUp,
            Effect<T> effect)
            throws ProblemException {
        try {
            Answer<T> answer = recorded(call, action, keyId, success, asking, lookUp, effect);
            meters.succeeded(action.name(), System.nanoTime() - call.startedNanos());
            return answer;
        } catch (ProblemException e) {
            meters.failed(action.name(), e, System.nanoTime() - call.startedNanos());
            throw e;
        }
    }

    private <T> Answer<T> recorded(
            Call call,
            Action action,
            @Nullable String keyId,
            int success,
            Asking asking,
            Permits.LookUp lookUp,
            Effect<T> effect)
            throws ProblemException {
        Draft draft = Draft.of(action, call);
        if (keyId != null && keyId.length() > LONGEST_ID) {
            throw refused(draft, new ProblemException(Problem.KEY_NOT_FOUND, "there is no such key"));
        }
        if (keyId != null) {
            draft.on(Resource.key(keyId, null, null));
        }
        T value;
        try {
            value = attempt(call, action, keyId, asking, lookUp, effect, draft);
        } catch (ProblemException e) {
            throw refused(draft, e);
        } catch (RuntimeException e) {
            LOG.error("event=call-failed request={} action={}", call.request(), action.name(), e);
            throw refused(draft, new ProblemException(Problem.INTERNAL, "the broker failed; see its log", e));
        }
        return new Answer<>(value, record(draft.succeeded(success)).position().toString());
    }

    private ProblemException refused(Draft draft, ProblemException why) throws ProblemException {
        String intent = draft.intent();
        if (intent == null) {
            return nothingDone(draft, why.withoutEffect());
        }
        if (isUnsure(why)) {
            return settlement.settle(intent, why);
        }
        return why.recordedAt(record(draft.failed(why)).position().toString());
    }

    /** Whatever has an effect that lasts puts its intent on the record first; here there is none. */
    private ProblemException nothingDone(Draft draft, ProblemException why) throws ProblemException {
        if (isJournal(why)) {
            return why;
        }
        try {
            return why.recordedAt(record(draft.failed(why)).position().toString());
        } catch (ProblemException e) {
            throw e.withoutEffect();
        }
    }

    /** The outcome; where it cannot be recorded now, the intent is settled as soon as it can. */
    private Recorded record(Draft outcome) throws ProblemException {
        try {
            return recorder.append(outcome);
        } catch (ProblemException e) {
            if (outcome.intent() != null) {
                settlement.later(outcome.intent());
            }
            throw e;
        }
    }

    /** After these nobody knows whether the effect came about; it is looked up before anything is recorded. */
    private static boolean isUnsure(ProblemException e) {
        return e.problem() == Problem.STATE_UNAVAILABLE
                || e.problem() == Problem.PROVIDER_UNAVAILABLE
                || e.problem() == Problem.INTERNAL;
    }

    /** Records a call that could not even be read, and returns the problem with its position. */
    public ProblemException unreadable(Call call, Action action, @Nullable String keyId, ProblemException why) {
        meters.failed(action.name(), why, System.nanoTime() - call.startedNanos());
        Draft draft = Draft.of(action, call).failed(why);
        draft.detail().put("method", call.caller().method().json());
        if (keyId != null) {
            draft.on(Resource.key(keyId, null, null));
        }
        try {
            return why.recordedAt(recorder.append(draft).position().toString());
        } catch (ProblemException e) {
            return e;
        }
    }

    /** Records a call that is answered as an earlier one was, without doing anything again. */
    public void repeated(Call call, Action action, @Nullable String keyId, int status, @Nullable String first)
            throws ProblemException {
        Draft draft = Draft.of(action, call);
        if (status < 400) {
            draft.succeeded(status);
        } else {
            draft.failed(new ProblemException(Problem.INTERNAL, "the first call failed"));
        }
        if (keyId != null) {
            draft.on(Resource.key(keyId, null, null));
        }
        draft.detail().put("repeats", first);
        recorder.append(draft);
    }

    /** The change that a call names, asked for before the call is performed; what is in its way it meets then, on the record. */
    Optional<Permits.LookUp> beforehand(Call call, Action action, String keyId, Asking asking) {
        if (call.change() == null) {
            return Optional.empty();
        }
        try {
            HeldKey held = known(keyId);
            return permits.beforehand(call, action, held, asking.ask(held));
        } catch (ProblemException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Ends what takes long when the elevation ends that it is done under. */
    void requireStill(Call call, Outcome outcome) throws ProblemException {
        permits.requireStill(call, outcome.verdict());
    }

    /**
     * Lets policy decide on another key that the call concerns as well. What it says stands beside the first decision, or in its place
     * where it refuses.
     */
    void decideToo(Call call, Action action, String keyId, Permits.LookUp lookUp, Outcome outcome)
            throws ProblemException {
        HeldKey held = keys.get(keyId);
        Verdict verdict = permits.permit(call, action, held, true, Ask.PLAIN, lookUp, outcome.draft());
        outcome.draft().decided(outcome.verdict().recorded());
        outcome.draft().detail().putPOJO("alsoDecided", verdict.recorded());
    }

    /** What policy would say of another operation, for instance how many approvals it needs. Not recorded. */
    public Verdict wouldBe(Call call, String operation, @Nullable HeldKey key, Ask ask) throws ProblemException {
        return permits.wouldBe(call, operation, key, ask);
    }

    private <T> T attempt(
            Call call,
            Action action,
            @Nullable String keyId,
            Asking asking,
            Permits.LookUp lookUp,
            Effect<T> effect,
            Draft draft)
            throws ProblemException {
        HeldKey held = keyId == null ? null : known(keyId);
        if (held != null) {
            draft.on(Resource.key(
                    held.key().id(), Integer.toString(held.key().current().version()), null));
        }
        Ask ask = asking.ask(held);
        Verdict verdict = permits.permit(call, action, held, keyId == null || held != null, ask, lookUp, draft);
        return effect.bring(new Outcome(held, verdict, draft));
    }

    private @Nullable HeldKey known(String keyId) throws ProblemException {
        try {
            return keys.get(keyId);
        } catch (ProblemException e) {
            if (e.problem() == Problem.KEY_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static boolean isJournal(ProblemException e) {
        return e.problem() == Problem.JOURNAL_FULL || e.problem() == Problem.JOURNAL_UNAVAILABLE;
    }
}
