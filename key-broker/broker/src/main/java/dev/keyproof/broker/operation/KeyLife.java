package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.KeyOperation;
import java.util.List;

/** Changes of a key's state and of what is said of it, between birth and destruction. */
public final class KeyLife {
    private final Changes changes;
    private final KeyStore store;
    private final LeasedKeys leased;

    public KeyLife(Changes changes, KeyStore store, LeasedKeys leased) {
        this.changes = changes;
        this.store = store;
        this.leased = leased;
    }

    /** Suspends a key; answered when no broker uses it any more. The answer's record says how it is taken back. */
    public Answer<KeyDocument> disable(Call call, String id, Change request) throws ProblemException {
        return ended(call, KeyOperation.DISABLE_KEY, Lifecycle.Change.SUSPEND, id, request);
    }

    /** Lets a key process what it protected, and protect nothing new. */
    public Answer<KeyDocument> deactivate(Call call, String id, Change request) throws ProblemException {
        return ended(call, KeyOperation.DEACTIVATE_KEY, Lifecycle.Change.DEACTIVATE, id, request);
    }

    /** Notes that others may know a key. */
    public Answer<KeyDocument> compromised(Call call, String id, Change request) throws ProblemException {
        return ended(call, KeyOperation.MARK_COMPROMISED, Lifecycle.Change.COMPROMISE, id, request);
    }

    private Answer<KeyDocument> ended(
            Call call, KeyOperation operation, Lifecycle.Change change, String id, Change request)
            throws ProblemException {
        return changes.change(
                call,
                operation,
                id,
                request,
                Changes.Parameters.none(),
                Changes.Describing.nothing(),
                (intent, outcome, besides) -> {
                    Key after = store.change(intent, id, key -> key.after(change), besides);
                    leased.put(after);
                    leased.awaitEverywhere();
                    if (change == Lifecycle.Change.SUSPEND) {
                        outcome.draft().detail().put("wayBack", "POST /v1/keys/" + id + ":enable");
                    }
                    return after;
                });
    }

    /** Makes a key that is suspended or not yet active an active one. */
    public Answer<KeyDocument> enable(Call call, String id, Change request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.ENABLE_KEY,
                id,
                request,
                Changes.Parameters.none(),
                Changes.Describing.nothing(),
                (intent, outcome, besides) -> store.change(
                        intent,
                        id,
                        key -> key.after(
                                key.state() == KeyState.PRE_ACTIVE
                                        ? Lifecycle.Change.ACTIVATE
                                        : Lifecycle.Change.RESUME),
                        besides));
    }

    /** Changes what is said of a key. */
    public Answer<KeyDocument> update(Call call, String id, KeyUpdate request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.UPDATE_KEY,
                id,
                new Change(request.approval(), null),
                request::parameters,
                key -> {
                    // Before the intent: a request with faults never is one.
                    request.applied(key.key());
                    return HeldKey.node();
                },
                (intent, outcome, besides) -> store.change(intent, id, request::applied, besides));
    }

    /** Lets an alias stand for a key; it stood for none or for another before. */
    public Answer<KeyDocument> alias(Call call, String name, String id) throws ProblemException {
        String before = leased.resolve(name);
        String other = before.equals(name) || before.equals(id) ? null : before;
        return changes.change(
                call,
                KeyOperation.UPDATE_KEY,
                id,
                other,
                key -> named(name).put("before", before),
                (intent, outcome, besides) -> taken(id, store.alias(intent, name, id, other, besides)));
    }

    /** Lets an alias stand for its key no longer. */
    public Answer<KeyDocument> unalias(Call call, String name, String id) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.UPDATE_KEY,
                id,
                Change.PLAIN,
                Changes.Parameters.none(),
                key -> named(name),
                (intent, outcome, besides) -> taken(id, store.unalias(intent, name, id, besides)));
    }

    private Key taken(String id, List<Key> changed) {
        changed.forEach(leased::put);
        return changed.stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow();
    }

    private static ObjectNode named(String name) throws ProblemException {
        if (!LeasedKeys.ALIAS.matcher(name).matches()) {
            throw new ProblemException(
                    Problem.INVALID_INPUT, "alias: is 2 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter");
        }
        return HeldKey.node().put("alias", name);
    }
}
