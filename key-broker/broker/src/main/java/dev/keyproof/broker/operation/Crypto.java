package dev.keyproof.broker.operation;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.key.Purpose;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.KeyOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Crypto operations, single or in batches: one decision and one record, whatever the number of items. */
public final class Crypto {
    private static final int MOST_ITEMS = 256;
    private static final int MOST_NAMES = 64;
    private static final int MOST_NAME_CHARACTERS = 4096;

    private final Calls calls;
    private final Ciphers ciphers;
    private final DataKeys dataKeys;
    private final LeasedKeys keys;
    private final Uses uses;
    private final Unwraps unwraps;

    public Crypto(Calls calls, Ciphers ciphers, DataKeys dataKeys, LeasedKeys keys, Uses uses, Unwraps unwraps) {
        this.calls = calls;
        this.ciphers = ciphers;
        this.dataKeys = dataKeys;
        this.keys = keys;
        this.uses = uses;
        this.unwraps = unwraps;
    }

    /** What is done with one item under one key. */
    @FunctionalInterface
    interface Work<I> {
        Done apply(Subject on, I item) throws ProblemException;
    }

    public Answer<List<BatchResult>> encrypt(Call call, String keyId, Item.Encrypt request) throws ProblemException {
        return run(call, KeyOperation.ENCRYPT, Lifecycle.Use.PROTECT, keyId, request, ciphers::encrypt);
    }

    public Answer<List<BatchResult>> decrypt(Call call, String keyId, Item.Decrypt request) throws ProblemException {
        String approval = request.approval();
        return approval == null
                ? run(call, KeyOperation.DECRYPT, Lifecycle.Use.PROCESS, keyId, request, ciphers::decrypt)
                : unwraps.decrypt(call, keyId, request, approval);
    }

    public Answer<List<BatchResult>> reWrap(Call call, String keyId, Item.ReWrap request) throws ProblemException {
        return run(call, KeyOperation.RE_ENCRYPT, Lifecycle.Use.PROTECT, keyId, request, ciphers::reWrap);
    }

    public Answer<List<BatchResult>> dataKey(Call call, String keyId, Item.DataKey request) throws ProblemException {
        return keys.serves(keyId, Purpose.WRAP)
                ? dataKeys.make(call, keyId, request)
                : run(
                        call,
                        KeyOperation.GENERATE_DATA_KEY,
                        Lifecycle.Use.PROTECT,
                        keyId,
                        request,
                        DataKeys::asking,
                        ciphers::dataKey);
    }

    public Answer<List<BatchResult>> sign(Call call, String keyId, Item.Sign request) throws ProblemException {
        return run(call, KeyOperation.SIGN, Lifecycle.Use.PROTECT, keyId, request, ciphers::sign);
    }

    public Answer<List<BatchResult>> mac(Call call, String keyId, Item.Mac request) throws ProblemException {
        return run(call, KeyOperation.GENERATE_MAC, Lifecycle.Use.PROTECT, keyId, request, ciphers::mac);
    }

    public Answer<List<BatchResult>> derive(Call call, String keyId, Item.Derive request) throws ProblemException {
        return run(call, KeyOperation.DERIVE_KEY, Lifecycle.Use.PROTECT, keyId, request, ciphers::derive);
    }

    public Answer<List<BatchResult>> verify(Call call, String keyId, Item.Verify request) throws ProblemException {
        List<Item.Verify> items = request.items();
        boolean mac = items == null
                ? request.mac() != null
                : !items.isEmpty() && items.stream().allMatch(item -> (Object) item != null && item.mac() != null);
        return run(
                call,
                mac ? KeyOperation.VERIFY_MAC : KeyOperation.VERIFY,
                Lifecycle.Use.PROCESS,
                keyId,
                request,
                mac ? ciphers::verifyMac : ciphers::verify);
    }

    /** What policy reads of the items. */
    @FunctionalInterface
    private interface Reading<I> {
        Ask of(List<I> items) throws ProblemException;
    }

    private <I extends Item<I>> Answer<List<BatchResult>> run(
            Call call, KeyOperation operation, Lifecycle.Use use, String keyId, Item<I> request, Work<I> work)
            throws ProblemException {
        return run(call, operation, use, keyId, request, Crypto::asking, work);
    }

    @SuppressWarnings("unchecked") // An Item<I> is an I: each record is its own item.
    private <I extends Item<I>> Answer<List<BatchResult>> run(
            Call call,
            KeyOperation operation,
            Lifecycle.Use use,
            String keyId,
            Item<I> request,
            Reading<I> reading,
            Work<I> work)
            throws ProblemException {
        List<I> batch = request.items();
        boolean single = batch == null;
        List<I> items = batch == null ? List.of((I) request) : batch;
        return calls.perform(call, Action.of(operation), keyId, 200, key -> reading.of(items), outcome -> {
            Key key = outcome.key().key();
            key.require(use);
            Subject on = new Subject(key, call.request());
            long limit = outcome.verdict().usageLimit();
            List<BatchResult> results = new ArrayList<>(items.size());
            Tally tally = new Tally();
            for (I item : items) {
                try {
                    keys.requireStill(keyId, use);
                    calls.requireStill(call, outcome);
                    if (use == Lifecycle.Use.PROTECT) {
                        Integer version = item.version();
                        uses.take(key, version == null ? key.protecting() : version, limit);
                    }
                    Done done = work.apply(on, item);
                    tally.add(done);
                    results.add(new BatchResult(done.result(), null));
                } catch (ProblemException e) {
                    if (single) {
                        throw e;
                    }
                    tally.fail();
                    results.add(new BatchResult(null, e));
                }
            }
            uses.note(key.id(), call.caller().id(), items.size());
            tally.describe(outcome.draft(), key, single ? 0 : items.size());
            return results;
        });
    }

    /** What policy reads of items: how many, and the names of their contexts. */
    static <I extends Item<I>> Ask asking(List<I> items) throws ProblemException {
        return Ask.items(Items.batch(items, MOST_ITEMS).size(), names(items));
    }

    private static <I extends Item<I>> SortedSet<String> names(List<I> items) throws ProblemException {
        SortedSet<String> names = new TreeSet<>();
        for (I item : items) {
            if ((Object) item == null || (item.items() != null && items.size() > 1)) {
                throw new ProblemException(Problem.INVALID_INPUT, "items: an item is an object without items");
            }
            if (item.context() != null) {
                names.addAll(Items.context(item.context()).keySet());
            }
        }
        // The decision's input carries them, and the record carries that.
        if (names.size() > MOST_NAMES || names.stream().mapToInt(String::length).sum() > MOST_NAME_CHARACTERS) {
            throw new ProblemException(
                    Problem.INVALID_INPUT,
                    "context: has more than " + MOST_NAMES + " names, or names of more than " + MOST_NAME_CHARACTERS
                            + " characters in all");
        }
        return names;
    }
}
