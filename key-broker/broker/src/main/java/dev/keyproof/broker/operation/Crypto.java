package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
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

    public Crypto(Calls calls, Ciphers ciphers) {
        this.calls = calls;
        this.ciphers = ciphers;
    }

    /** What is done with one item under one key. */
    @FunctionalInterface
    interface Work<I> {
        Done apply(Key key, I item) throws ProblemException;
    }

    public Answer<List<BatchResult>> encrypt(Call call, String keyId, Item.Encrypt request) throws ProblemException {
        return run(call, KeyOperation.ENCRYPT, Lifecycle.Use.PROTECT, keyId, request, ciphers::encrypt);
    }

    public Answer<List<BatchResult>> decrypt(Call call, String keyId, Item.Decrypt request) throws ProblemException {
        return run(call, KeyOperation.DECRYPT, Lifecycle.Use.PROCESS, keyId, request, ciphers::decrypt);
    }

    public Answer<List<BatchResult>> reWrap(Call call, String keyId, Item.ReWrap request) throws ProblemException {
        return run(call, KeyOperation.RE_ENCRYPT, Lifecycle.Use.PROTECT, keyId, request, ciphers::reWrap);
    }

    public Answer<List<BatchResult>> dataKey(Call call, String keyId, Item.DataKey request) throws ProblemException {
        return run(call, KeyOperation.GENERATE_DATA_KEY, Lifecycle.Use.PROTECT, keyId, request, ciphers::dataKey);
    }

    public Answer<List<BatchResult>> sign(Call call, String keyId, Item.Sign request) throws ProblemException {
        return run(call, KeyOperation.SIGN, Lifecycle.Use.PROTECT, keyId, request, ciphers::sign);
    }

    public Answer<List<BatchResult>> mac(Call call, String keyId, Item.Mac request) throws ProblemException {
        return run(call, KeyOperation.GENERATE_MAC, Lifecycle.Use.PROTECT, keyId, request, ciphers::mac);
    }

    public Answer<List<BatchResult>> verify(Call call, String keyId, Item.Verify request) throws ProblemException {
        List<Item.Verify> items = request.items();
        boolean mac = items == null
                ? request.mac() != null
                : !items.isEmpty() && items.stream().allMatch(item -> item.mac() != null);
        return run(
                call,
                mac ? KeyOperation.VERIFY_MAC : KeyOperation.VERIFY,
                Lifecycle.Use.PROCESS,
                keyId,
                request,
                mac ? ciphers::verifyMac : ciphers::verify);
    }

    @SuppressWarnings("unchecked") // An Item<I> is an I: each record is its own item.
    private <I extends Item<I>> Answer<List<BatchResult>> run(
            Call call, KeyOperation operation, Lifecycle.Use use, String keyId, Item<I> request, Work<I> work)
            throws ProblemException {
        List<I> batch = request.items();
        boolean single = batch == null;
        List<I> items = batch == null ? List.of((I) request) : batch;
        return calls.perform(
                call,
                Action.of(operation),
                keyId,
                200,
                key -> Ask.items(Items.batch(items, MOST_ITEMS).size(), names(items)),
                outcome -> {
                    Key key = outcome.key().key();
                    key.require(use);
                    List<BatchResult> results = new ArrayList<>(items.size());
                    Tally tally = new Tally();
                    for (I item : items) {
                        try {
                            Done done = work.apply(key, item);
                            tally.add(done);
                            results.add(new BatchResult(done.result(), null));
                        } catch (ProblemException e) {
                            if (single) {
                                throw e;
                            }
                            tally.failed++;
                            results.add(new BatchResult(null, e));
                        }
                    }
                    tally.describe(outcome.draft(), key, single ? 0 : items.size());
                    return results;
                });
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

    /** What the record says of the items. */
    private static final class Tally {
        private final MessageDigest digests = sha256();
        private final List<String> attempts = new ArrayList<>();
        private int version;
        private int failed;

        void add(Done done) {
            digests.update(sha256().digest(done.open()));
            attempts.addAll(done.attempts());
            version = Math.max(version, done.version());
        }

        void describe(Draft draft, Key key, int items) {
            draft.detail().put("digest", "sha256:" + HexFormat.of().formatHex(digests.digest()));
            if (items > 0) {
                draft.count(items);
                draft.detail().put("items", items).put("failed", failed);
            }
            if (!attempts.isEmpty()) {
                ArrayNode ids = draft.detail().putArray("attempts");
                attempts.forEach(ids::add);
            }
            if (version > 0) {
                draft.on(Resource.key(key.id(), Integer.toString(version), null));
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
