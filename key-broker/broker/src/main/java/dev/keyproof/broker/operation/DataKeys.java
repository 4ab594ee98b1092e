package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.datakey.DataKey;
import dev.keyproof.broker.datakey.DataKeyAlgorithm;
import dev.keyproof.broker.datakey.DataKeyStore;
import dev.keyproof.broker.datakey.ReWrap;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Data keys that are registered under a KEK: made, found, and moved when it rotates. */
public final class DataKeys {
    /** Faults of one data key, over which the others do not wait. */
    private static final Set<Problem> STAYS_BEHIND =
            EnumSet.of(Problem.NOT_DECRYPTABLE, Problem.INVALID_INPUT, Problem.ILLEGAL_STATE);

    private final Calls calls;
    private final Changes changes;
    private final Ciphers ciphers;
    private final KeyStore store;
    private final LeasedKeys keys;
    private final DataKeyStore dataKeys;
    private final Uses uses;

    public DataKeys(
            Calls calls,
            Changes changes,
            Ciphers ciphers,
            KeyStore store,
            LeasedKeys keys,
            DataKeyStore dataKeys,
            Uses uses) {
        this.calls = calls;
        this.changes = changes;
        this.ciphers = ciphers;
        this.store = store;
        this.keys = keys;
        this.dataKeys = dataKeys;
        this.uses = uses;
    }

    /** A data key as its KEK wraps it now, in Base64. */
    public record Wrapped(
            String id, String kek, DataKeyAlgorithm algorithm, int keyVersion, String ciphertext, String created) {}

    /**
     * What policy reads of data keys: what they are for, besides what it reads of every item. An item that is none is refused by itself.
     *
     * @throws ProblemException {@link Problem#INVALID_INPUT} if no item says what it is for
     */
    static Ask asking(List<Item.DataKey> items) throws ProblemException {
        Ask ask = Crypto.asking(items);
        SortedSet<String> algorithms = new TreeSet<>();
        for (Item.DataKey item : items) {
            try {
                algorithms.add(item.made().name());
            } catch (ProblemException e) {
                if (items.size() == 1) {
                    throw e;
                }
            }
        }
        if (algorithms.isEmpty()) {
            throw Fields.invalid("items: none says what it is for");
        }
        ObjectNode parameters = HeldKey.node();
        algorithms.forEach(parameters.putArray("dataKeys")::add);
        return ask.asking(parameters);
    }

    /** Makes data keys under a KEK; each is registered before it is answered. */
    Answer<List<BatchResult>> make(Call call, String kek, Item.DataKey request) throws ProblemException {
        Action action = Action.of(KeyOperation.GENERATE_DATA_KEY);
        List<Item.DataKey> items = request.items() == null ? List.of(request) : request.items();
        return calls.perform(call, action, kek, 200, held -> asking(items), outcome -> {
            Key key = outcome.key().key();
            key.require(Lifecycle.Use.PROTECT);
            int version = key.current().version();
            ObjectNode detail = HeldKey.node();
            List<DataKey> made = new ArrayList<>();
            List<BatchResult> results = new ArrayList<>();
            Tally tally = new Tally();
            long limit = outcome.verdict().usageLimit();
            for (Item.DataKey item : items) {
                String id = UlidCreator.getUlid().toString();
                try {
                    keys.requireStill(kek, Lifecycle.Use.PROTECT);
                    calls.requireStill(call, outcome);
                    uses.take(key, key.protecting(), limit);
                    Done done = ciphers.dataKey(new Subject(key, call.request()), item, id);
                    tally.add(done);
                    results.add(new BatchResult(done.result(), null));
                    made.add(new DataKey(
                            id, kek, item.made(), version, done.open(), Items.context(item.context()), changes.now()));
                } catch (ProblemException e) {
                    if (request.items() == null) {
                        throw e;
                    }
                    tally.fail();
                    results.add(new BatchResult(null, e));
                }
            }
            tally.describe(outcome.draft(), key, request.items() == null ? 0 : items.size());
            if (made.isEmpty()) {
                return results;
            }
            made.forEach(dataKey -> detail.withArray("dataKeys")
                    .addObject()
                    .put("id", dataKey.id())
                    .put("algorithm", dataKey.algorithm().name()));
            outcome.draft().detail().setAll(detail);
            Intent intent =
                    changes.intend(call, action, outcome, Resource.key(kek, Integer.toString(version), null), detail);
            store.effect(intent, using -> dataKeys.insert(made));
            uses.note(kek, call.caller().id(), items.size());
            return results;
        });
    }

    /** A data key in its present wrapped form; asked of policy as a reading of its KEK. */
    public Answer<Wrapped> read(Call call, String id) throws ProblemException {
        Action action = Action.of(KeyOperation.GET_KEY);
        DataKey found;
        try {
            found = dataKeys.find(id).orElse(null);
        } catch (ProblemException e) {
            throw calls.unreadable(call, action, null, e);
        }
        return calls.perform(call, action, found == null ? id : found.kek(), 200, held -> Ask.PLAIN, outcome -> {
            if (found == null) {
                throw new ProblemException(Problem.DATA_KEY_NOT_FOUND, "there is no such data key");
            }
            outcome.draft().detail().put("dataKey", id);
            return new Wrapped(
                    id,
                    found.kek(),
                    found.algorithm(),
                    found.version(),
                    Items.text(found.ciphertext()),
                    found.created().toString());
        });
    }

    /** How far the move of a KEK's data keys is. */
    public Answer<ReWrap> move(Call call, String kek) throws ProblemException {
        return calls.perform(
                call,
                Action.of(KeyOperation.GET_KEY),
                kek,
                200,
                held -> Ask.PLAIN,
                outcome -> dataKeys.move(outcome.key().key().id())
                        .orElseThrow(() ->
                                new ProblemException(Problem.NOT_FOUND, "the data keys of this key were never moved")));
    }

    /**
     * Moves some data keys to their KEK's current version: one decision, one intent, one transaction, one outcome.
     *
     * @param failedBefore how many of this round could not be moved
     * @return how many could not be moved, those before included
     */
    public long move(Call call, ReWrap move, List<DataKey> batch, long failedBefore) throws ProblemException {
        Action action = Action.of(KeyOperation.RE_ENCRYPT);
        String kek = move.kek();
        return calls.perform(call, action, kek, 200, held -> Ask.items(batch.size(), List.of()), outcome -> {
                    Key key = outcome.key().key();
                    key.require(Lifecycle.Use.PROTECT);
                    if (key.current().version() != move.version()) {
                        throw new ProblemException(
                                Problem.CONFLICT, "the KEK's current version is not where its data keys go");
                    }
                    List<DataKey> from = new ArrayList<>();
                    List<DataKey> to = new ArrayList<>();
                    Tally tally = new Tally();
                    long limit = outcome.verdict().usageLimit();
                    for (DataKey dataKey : batch) {
                        Map<String, String> context = dataKey.context();
                        keys.requireStill(kek, Lifecycle.Use.PROTECT);
                        try {
                            uses.take(key, key.protecting(), limit);
                            byte[] moved =
                                    ciphers.moved(new Subject(key, call.request()), dataKey.ciphertext(), context);
                            tally.add(moved, move.version());
                            from.add(dataKey);
                            to.add(dataKey.moved(move.version(), moved));
                        } catch (ProblemException e) {
                            if (!STAYS_BEHIND.contains(e.problem())) {
                                throw e;
                            }
                            tally.fail();
                        }
                    }
                    long failed = failedBefore + batch.size() - to.size();
                    ObjectNode detail = HeldKey.node()
                            .put("order", move.orderedBy())
                            .put("to", move.version())
                            .put("last", batch.getLast().id());
                    outcome.draft().detail().setAll(detail);
                    tally.describe(outcome.draft(), key, batch.size());
                    Intent intent = changes.intend(
                            call, action, outcome, Resource.key(kek, Integer.toString(move.version()), null), detail);
                    store.effect(intent, using -> dataKeys.move(move, from, to, failed));
                    return failed;
                })
                .value();
    }
}
