package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.Birth;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.event.Extension.Kind;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Operations that change a key's state: intent on the record, effect in device and database, outcome on the record. */
public final class Changes {
    private final Calls calls;
    private final Recorder recorder;
    private final KeyStore store;
    private final LeasedKeys leased;
    private final KeyProvider provider;
    private final Approvals approvals;
    private final KeyLocks locks;
    private final Clock clock;

    public Changes(
            Calls calls,
            Recorder recorder,
            KeyStore store,
            LeasedKeys leased,
            KeyProvider provider,
            Approvals approvals,
            KeyLocks locks,
            Clock clock) {
        this.calls = calls;
        this.recorder = recorder;
        this.store = store;
        this.leased = leased;
        this.provider = provider;
        this.approvals = approvals;
        this.locks = locks;
        this.clock = clock;
    }

    public Answer<KeyDocument> create(Call call, NewKey request) throws ProblemException {
        Action action = Action.of(KeyOperation.CREATE_KEY);
        return calls.perform(
                call, action, null, 201, none -> request.checked(call).ask(), outcome -> {
                    NewKey.Checked wanted = request.checked(call);
                    String id = UlidCreator.getUlid().toString();
                    outcome.draft().on(Resource.key(id, "1", null));
                    Intent intent = intend(call, action, outcome, Resource.key(id, "1", null), wanted.detail());
                    Birth birth = provider.create(id, 1, wanted.algorithm(), wanted.residence(), intent.uid())
                            .value();
                    Instant now = now();
                    Key key = new Key(
                            id,
                            wanted.name(),
                            wanted.algorithm().purpose(),
                            wanted.algorithm(),
                            KeyState.ACTIVE,
                            wanted.owner(),
                            wanted.tags(),
                            now,
                            wanted.rotationPeriodDays(),
                            provider.name(),
                            wanted.residence(),
                            birth.attributes(),
                            List.of(version(id, 1, wanted.algorithm(), birth, now, intent)),
                            0);
                    return committed(outcome, store.insert(intent, key));
                });
    }

    public Answer<KeyDocument> disable(Call call, String id, Change request) throws ProblemException {
        return change(
                call,
                KeyOperation.DISABLE_KEY,
                id,
                request,
                (intent, held, besides) ->
                        store.change(intent, id, key -> key.after(Lifecycle.Change.SUSPEND), besides));
    }

    public Answer<KeyDocument> enable(Call call, String id, Change request) throws ProblemException {
        return change(
                call,
                KeyOperation.ENABLE_KEY,
                id,
                request,
                (intent, held, besides) -> store.change(
                        intent,
                        id,
                        key -> key.after(
                                key.state() == KeyState.PRE_ACTIVE
                                        ? Lifecycle.Change.ACTIVATE
                                        : Lifecycle.Change.RESUME),
                        besides));
    }

    public Answer<KeyDocument> rotate(Call call, String id, Change request) throws ProblemException {
        return change(call, KeyOperation.ROTATE_KEY, id, request, (intent, held, besides) -> {
            int next = nextVersion(held);
            return store.change(
                    intent,
                    id,
                    key -> {
                        Key rotated = key.after(Lifecycle.Change.ROTATE);
                        if (key.current().version() + 1 != next) {
                            throw new ProblemException(Problem.CONFLICT, "the key was rotated at the same time");
                        }
                        Birth birth = provider.create(id, next, key.algorithm(), key.residence(), intent.uid())
                                .value();
                        return rotated.with(
                                version(id, next, key.algorithm(), birth, now(), intent), birth.attributes());
                    },
                    besides);
        });
    }

    private static KeyVersion version(
            String id, int version, Algorithm algorithm, Birth birth, Instant created, Intent intent) {
        return new KeyVersion(id, version, algorithm, birth.reference(), created, intent.uid(), birth.wrapped());
    }

    /** Destroys every version in the device, reads back that none is there, and only then says so. */
    public Answer<KeyDocument> destroy(Call call, String id, Change request) throws ProblemException {
        return change(
                call,
                KeyOperation.DESTROY_KEY,
                id,
                request,
                (intent, held, besides) -> store.change(intent, id, key -> destroyed(provider, key), besides));
    }

    /** Turns the kill switch. */
    public Answer<Boolean> killSwitch(Call call, boolean on) throws ProblemException {
        Action action = Action.SET_KILL_SWITCH;
        ObjectNode parameters = HeldKey.node().put("on", on);
        Resource about = new Resource("kill-switch", null, "switch", null, null, null, null);
        return calls.perform(call, action, null, 200, none -> Ask.parameters(parameters), outcome -> {
            outcome.draft().on(about);
            outcome.draft().detail().put("on", on);
            Intent intent = intend(call, action, outcome, about, parameters);
            leased.put(store.killSwitch(intent, on));
            return on;
        });
    }

    static Key destroyed(KeyProvider provider, Key key) throws ProblemException {
        Key after = key.after(Lifecycle.Change.DESTROY);
        for (KeyVersion version : key.versions()) {
            if (!provider.destroy(key.id(), version.version()).value()) {
                throw new ProblemException(
                        Problem.PROVIDER_UNAVAILABLE,
                        "version " + version.version() + " is still in the device after its destruction");
            }
        }
        return after;
    }

    @FunctionalInterface
    private interface Effect {
        Key bring(Intent intent, HeldKey held, KeyStore.Besides besides) throws ProblemException;
    }

    private Answer<KeyDocument> change(Call call, KeyOperation operation, String id, Change request, Effect effect)
            throws ProblemException {
        Action action = Action.of(operation);
        @Nullable Evidence[] shown = new Evidence[1];
        ReentrantLock lock = locks.of(id);
        lock.lock();
        try {
            return calls.perform(
                    call,
                    action,
                    id,
                    200,
                    held -> {
                        Optional<Evidence> evidence = request.approval() == null
                                ? Optional.empty()
                                : Optional.of(approvals.evidence(request.approval(), action.name(), id));
                        shown[0] = evidence.orElse(null);
                        return evidence.map(e -> Ask.PLAIN.with(e.forPolicy())).orElse(Ask.PLAIN);
                    },
                    outcome -> bring(call, action, outcome, shown[0], effect));
        } finally {
            lock.unlock();
        }
    }

    private KeyDocument bring(Call call, Action action, Outcome outcome, @Nullable Evidence evidence, Effect effect)
            throws ProblemException {
        HeldKey held = outcome.key();
        ObjectNode detail = HeldKey.node();
        if (evidence != null) {
            detail.put("approval", evidence.id());
            outcome.draft().detail().setAll(evidence.forRecord());
        }
        if (action.name().equals(KeyOperation.ROTATE_KEY.canonicalName())) {
            detail.put("version", nextVersion(held));
        }
        Resource about = Resource.key(
                held.key().id(), Integer.toString(held.key().current().version()), null);
        Intent intent = intend(call, action, outcome, about, detail);
        KeyStore.Besides besides =
                evidence == null ? KeyStore.Besides.nothing() : using -> approvals.use(evidence.id(), using);
        return committed(outcome, effect.bring(intent, held, besides));
    }

    private Intent intend(Call call, Action action, Outcome outcome, Resource about, ObjectNode detail)
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

    private KeyDocument committed(Outcome outcome, Key key) {
        HeldKey held = leased.put(key);
        outcome.draft().on(Resource.key(key.id(), Integer.toString(key.current().version()), HeldKey.json(key)));
        return held.key().document();
    }

    private static int nextVersion(HeldKey held) {
        return held.key().current().version() + 1;
    }

    /** PostgreSQL keeps microseconds; what is answered now must be what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
