package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.ApprovalStore;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Positions;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.Residence;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.event.ApiActivity;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Extension;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import dev.keyproof.event.User;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Gives an intent its one outcome when the call that wrote it cannot: looks where the effect is, completes it or takes it
 * back, and records which. At the start for what a killed process left, later for what a failing device or database left.
 */
public final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private static final List<String> CONSENT = List.of(
            "approval",
            "statement",
            "jws",
            "webauthn",
            "quorumClock",
            "approver",
            "thumbprint",
            "roles",
            "aaguid",
            "jwk",
            "entry");

    private final Journal journal;
    private final Recorder recorder;
    private final EventCodec codec;
    private final Positions positions;
    private final KeyStore store;
    private final KeyProvider provider;
    private final ApprovalStore approvals;
    private final KeyLocks locks;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    public Settlement(
            Journal journal,
            Recorder recorder,
            EventCodec codec,
            Positions positions,
            KeyStore store,
            KeyProvider provider,
            ApprovalStore approvals,
            KeyLocks locks) {
        this.journal = journal;
        this.recorder = recorder;
        this.codec = codec;
        this.positions = positions;
        this.store = store;
        this.provider = provider;
        this.approvals = approvals;
        this.locks = locks;
    }

    /** Settles now if that can be done, later otherwise; returns the caller's problem, with its position if there is one. */
    ProblemException settle(String intent, ProblemException why) {
        try {
            Settled settled = settled(intent);
            ProblemException known = settled.effective() ? why : why.withoutEffect();
            return known.recordedAt(settled.recorded().position().toString());
        } catch (ProblemException e) {
            later(intent);
            return why;
        }
    }

    void later(String intent) {
        waiting.add(intent);
    }

    /** Tries again what waits. */
    public void settleWaiting() {
        for (String intent : List.copyOf(waiting)) {
            try {
                resolve(intent);
                waiting.remove(intent);
            } catch (ProblemException e) {
                LOG.warn(
                        "event=intent-open intent={} reason={}",
                        intent,
                        e.problem().id());
            }
        }
    }

    /** How many intents wait for their outcome. */
    public int waiting() {
        return waiting.size();
    }

    /**
     * The outcome of an open intent.
     *
     * @throws ProblemException if device, database or journal do not answer; the intent stays open
     */
    public Recorded resolve(String intentUid) throws ProblemException {
        return settled(intentUid).recorded();
    }

    /** An outcome that was looked for, and whether the effect is there. */
    private record Settled(Recorded recorded, boolean effective) {}

    private Settled settled(String intentUid) throws ProblemException {
        OptionalLong at = recorder.openIntent(intentUid);
        if (at.isEmpty()) {
            throw new ProblemException(Problem.INTERNAL, "no such open intent");
        }
        ApiActivity event = read(at.getAsLong());
        Intent intent = new Intent(intentUid, journal.source(), journal.epoch(), at.getAsLong());
        Resource about = about(event);
        String keyId = about == null ? "" : about.uid();
        ReentrantLock lock = locks.of(keyId);
        lock.lock();
        try {
            Draft outcome = outcome(event, intent, keyId);
            return new Settled(recorder.append(outcome), outcome.isSuccess());
        } catch (DataAccessException e) {
            throw new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer", e);
        } finally {
            lock.unlock();
        }
    }

    private Draft outcome(ApiActivity event, Intent intent, String keyId) throws ProblemException {
        Extension extension = codec.extension(event.unmapped())
                .orElseThrow(() -> new ProblemException(Problem.INTERNAL, "an intent without extension"));
        Draft draft = Draft.of(action(event), call(event, extension))
                .decided(extension.decision())
                .completes(intent.uid())
                .message("Settled after an interruption.");
        boolean effective = positions.hasEffect(intent.uid())
                || finished(event, intent, keyId)
                || positions.settledWithEffect(intent.uid(), intent.source(), intent.sequence());
        Optional<Key> key = store.find(keyId);
        if (effective) {
            draft.succeeded(200).on(about(event));
            consented(extension.detail(), draft);
            key.ifPresent(now ->
                    draft.on(Resource.key(keyId, Integer.toString(now.current().version()), HeldKey.json(now))));
        } else {
            takeBack(event, extension, keyId);
            if (extension.detail() != null) {
                draft.detail().set("intent", extension.detail());
            }
            draft.failed(new ProblemException(Problem.INTERNAL, "interrupted before its effect; nothing was changed"))
                    .on(about(event, keyId));
        }
        return draft;
    }

    private static @Nullable Resource about(ApiActivity event) {
        List<Resource> resources = event.resources();
        return resources == null || resources.isEmpty() ? null : resources.getFirst();
    }

    /**
     * What was done by approval says by which and by whose signatures, and who was enrolled, where any other outcome does; the rest of
     * what was intended stands apart.
     */
    private static void consented(@Nullable JsonNode intent, Draft outcome) {
        if (intent instanceof ObjectNode intended) {
            ObjectNode rest = intended.deepCopy();
            for (String said : CONSENT) {
                JsonNode value = rest.remove(said);
                if (value != null) {
                    outcome.detail().set(said, value);
                }
            }
            outcome.detail().set("intent", rest);
        }
    }

    private static Resource about(ApiActivity event, String keyId) {
        Resource about = about(event);
        return about == null
                ? Resource.key(keyId, null, null)
                : new Resource(keyId, null, about.type(), null, null, null, null);
    }

    /** A destruction that began in the device can only be finished. */
    private boolean finished(ApiActivity event, Intent intent, String keyId) throws ProblemException {
        if (!event.api().operation().equals(KeyOperation.DESTROY_KEY.canonicalName())) {
            return false;
        }
        Optional<Key> key = store.find(keyId);
        if (key.isEmpty() || key.get().state() == KeyState.DESTROYED) {
            return false;
        }
        boolean begun = false;
        for (KeyVersion version : key.get().versions()) {
            // A replicated key's destruction is the erasure in the database, which is there as a whole or not at all.
            begun |= key.get().residence() == Residence.RESIDENT && !provider.holds(keyId, version.version());
        }
        if (begun) {
            String approval = approval(event);
            store.change(
                    intent,
                    keyId,
                    now -> Destructions.destroyed(provider, now),
                    approval.isEmpty() ? KeyStore.Besides.nothing() : using -> approvals.useIfFree(approval, using));
        }
        return begun;
    }

    private String approval(ApiActivity event) {
        return codec.extension(event.unmapped())
                .map(Extension::detail)
                .map(detail -> detail.path("approval").asText(""))
                .orElse("");
    }

    /** Destroys in the device what the database does not know. */
    private void takeBack(ApiActivity event, Extension extension, String keyId) throws ProblemException {
        String operation = event.api().operation();
        if (operation.equals(KeyOperation.CREATE_KEY.canonicalName())) {
            provider.destroy(keyId, 1);
        } else if (operation.equals(KeyOperation.ROTATE_KEY.canonicalName()) && extension.detail() != null) {
            int version = extension.detail().path("version").asInt();
            store.locked(keyId, key -> {
                if (version > 1
                        && key.isPresent()
                        && key.get().versions().stream().noneMatch(kept -> kept.version() == version)) {
                    provider.destroy(keyId, version);
                }
            });
        }
    }

    private ApiActivity read(long sequence) throws ProblemException {
        try {
            List<byte[]> entries = journal.read(sequence, 1);
            if (!entries.isEmpty() && codec.decode(entries.getFirst()) instanceof ApiActivity activity) {
                return activity;
            }
            throw new ProblemException(Problem.INTERNAL, "the intent's record is not one");
        } catch (LogException | EventFormatException e) {
            throw new ProblemException(Problem.JOURNAL_UNAVAILABLE, "the journal cannot be read", e);
        }
    }

    private static Action action(ApiActivity event) {
        return Action.outcome(event.api().operation(), event.activityId(), event.activityName());
    }

    /** The call that wrote the intent, as far as its record tells. */
    private static Call call(ApiActivity event, Extension extension) {
        User user = event.actor().user();
        List<String> roles = new ArrayList<>();
        if (user != null && user.groups() != null) {
            user.groups().forEach(group -> roles.add(group.name()));
        }
        String id = user == null || user.uid() == null ? "" : user.uid();
        String request = event.api().request() == null
                ? event.metadata().uid()
                : event.api().request().uid();
        String address =
                event.srcEndpoint().ip() == null ? "" : event.srcEndpoint().ip();
        return new Call(
                request,
                new Caller(id, Caller.Method.owning(id), roles, List.of(), null),
                address,
                null,
                extension.run(),
                null,
                null,
                false,
                Instant.ofEpochMilli(event.time()),
                System.nanoTime());
    }
}
