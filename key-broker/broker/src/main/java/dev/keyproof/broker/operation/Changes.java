package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.EntityTag;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one way in which a key's state changes: intent on the record, effect in device and database, outcome on the record. */
public final class Changes {
    private static final int LONGEST_REASON = 256;

    private final Calls calls;
    private final Recorder recorder;
    private final LeasedKeys leased;
    private final KeyStore store;
    private final Approvals approvals;
    private final KeyLocks locks;
    private final Clock clock;

    public Changes(
            Calls calls,
            Recorder recorder,
            LeasedKeys leased,
            KeyStore store,
            Approvals approvals,
            KeyLocks locks,
            Clock clock) {
        this.calls = calls;
        this.recorder = recorder;
        this.leased = leased;
        this.store = store;
        this.approvals = approvals;
        this.locks = locks;
        this.clock = clock;
    }

    /** What a change does once its intent is on the record. */
    @FunctionalInterface
    interface Effect {
        Key bring(Intent intent, Outcome outcome, KeyStore.Besides besides) throws ProblemException;
    }

    /** Where the approval of a change comes from. */
    @FunctionalInterface
    interface Approving {
        @Nullable Evidence evidence(ObjectNode parameters) throws ProblemException;
    }

    /** What policy reads of a request, and the record carries; may refuse what has faults. */
    @FunctionalInterface
    interface Parameters {
        ObjectNode read() throws ProblemException;

        static Parameters none() {
            return HeldKey::node;
        }
    }

    /** What a change writes about itself, once its key is known. */
    @FunctionalInterface
    interface Describing {
        ObjectNode describe(HeldKey key) throws ProblemException;

        /** Nothing to say. */
        static Describing nothing() {
            return key -> HeldKey.node();
        }
    }

    /**
     * A change of one key by a caller.
     *
     * @param parameters what policy reads of the request, and the record carries
     * @param detail what the intent says beside it
     */
    Answer<KeyDocument> change(
            Call call,
            KeyOperation operation,
            String id,
            Change request,
            Parameters parameters,
            Describing detail,
            Effect effect)
            throws ProblemException {
        Approving approving = asked -> request.approval() == null
                ? null
                : approvals.evidence(request.approval(), operation.canonicalName(), id, asked);
        return change(
                call,
                operation,
                id,
                null,
                approving,
                parameters,
                key -> {
                    ObjectNode said = detail.describe(key);
                    if (request.reason() != null) {
                        if (request.reason().length() > LONGEST_REASON) {
                            throw new ProblemException(
                                    Problem.INVALID_INPUT, "reason: has more than " + LONGEST_REASON + " characters");
                        }
                        said.put("reason", request.reason());
                    }
                    return said;
                },
                effect);
    }

    /** The same with an approval that is found otherwise. */
    Answer<KeyDocument> change(
            Call call,
            KeyOperation operation,
            String id,
            Approving approving,
            Parameters parameters,
            Describing detail,
            Effect effect)
            throws ProblemException {
        return change(call, operation, id, null, approving, parameters, detail, effect);
    }

    /** A change without approval that concerns another key too, if there is one: policy decides on both. */
    Answer<KeyDocument> change(
            Call call, KeyOperation operation, String id, @Nullable String other, Describing detail, Effect effect)
            throws ProblemException {
        return change(call, operation, id, other, none -> null, Parameters.none(), detail, effect);
    }

    private Answer<KeyDocument> change(
            Call call,
            KeyOperation operation,
            String id,
            @Nullable String other,
            Approving approving,
            Parameters parameters,
            Describing detail,
            Effect effect)
            throws ProblemException {
        Action action = Action.of(operation);
        @Nullable Evidence[] shown = new Evidence[1];
        ObjectNode asked = HeldKey.node();
        Calls.Asking asking = held -> {
            asked.setAll(parameters.read());
            shown[0] = approving.evidence(asked);
            Ask ask = asked.isEmpty() ? Ask.PLAIN : Ask.parameters(asked);
            return shown[0] == null ? ask : ask.with(shown[0].forPolicy());
        };
        // A desk may be slow, and other keys wait for the same lock.
        Permits.LookUp lookUp = calls.beforehand(call, action, id, asking)
                .or(() -> other == null ? Optional.empty() : calls.beforehand(call, action, other, none -> Ask.PLAIN))
                .orElse(Permits.LookUp.NOT_ASKED);
        ReentrantLock lock = locks.of(id);
        lock.lock();
        try {
            return calls.perform(call, action, id, 200, asking, lookUp, outcome -> {
                if (other != null) {
                    calls.decideToo(call, action, other, lookUp, outcome);
                }
                return bring(call, action, outcome, shown[0], asked, detail, effect);
            });
        } finally {
            lock.unlock();
        }
    }

    private KeyDocument bring(
            Call call,
            Action action,
            Outcome outcome,
            @Nullable Evidence evidence,
            ObjectNode parameters,
            Describing describing,
            Effect effect)
            throws ProblemException {
        HeldKey held = outcome.key();
        // After policy: whoever may not see the key learns nothing of it.
        requireExpected(call, held.key());
        ObjectNode detail = parameters.deepCopy();
        detail.setAll(describing.describe(held));
        outcome.draft().detail().setAll(detail);
        KeyStore.Besides besides = using -> {
            if (call.expected() != null) {
                // Under the row's lock: another broker may have changed it a moment ago.
                requireExpected(call, store.find(held.key().id()).orElseThrow());
            }
        };
        if (evidence != null) {
            detail.put("approval", evidence.id());
            if (evidence.fresh()) {
                // In the intent as well: an outcome that is settled after an interruption has nothing else to take them
                // from.
                detail.setAll(evidence.forRecord());
                outcome.draft().detail().setAll(evidence.forRecord());
                besides = besides.and(using -> approvals.use(evidence, using));
            } else {
                outcome.draft().detail().put("approval", evidence.id());
            }
        }
        Resource about = Resource.key(
                held.key().id(), Integer.toString(held.key().current().version()), null);
        Intent intent = intend(call, action, outcome, about, detail);
        return committed(outcome, effect.bring(intent, outcome, besides));
    }

    private static void requireExpected(Call call, Key key) throws ProblemException {
        if (call.expected() != null && !EntityTag.met(call.expected(), key.revision())) {
            throw new ProblemException(
                    Problem.PRECONDITION_FAILED, "If-Match: the key was changed since; read it again");
        }
    }

    /** Puts the intent on the record; the outcome completes it. */
    Intent intend(Call call, Action action, Outcome outcome, Resource about, ObjectNode detail)
            throws ProblemException {
        Draft draft = Draft.of(action.as(Kind.INTENT), call)
                .on(about)
                .decided(outcome.verdict().recorded())
                .pending();
        draft.detail().setAll(detail);
        Recorded recorded = recorder.append(draft);
        outcome.draft().completes(recorded.uid());
        return new Intent(
                recorded.uid(),
                recorded.position().source(),
                recorded.position().epoch(),
                recorded.position().sequence());
    }

    /** Takes over what was committed; the outcome carries the key as it is now. */
    KeyDocument committed(Outcome outcome, Key key) {
        HeldKey held = leased.put(key);
        outcome.draft().on(Resource.key(key.id(), Integer.toString(key.current().version()), HeldKey.json(key)));
        return held.key().document();
    }

    /** PostgreSQL keeps microseconds; what is answered now must be what is read later. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
