package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decryption under dual control: one ciphertext, or one registered data key, opened once for whom others approved it. Approvers sign
 * its digest or its id, so that nothing else can be opened by their approval.
 */
public final class Unwraps {
    private final Calls calls;
    private final Changes changes;
    private final Approvals approvals;
    private final Ciphers ciphers;
    private final KeyStore store;
    private final LeasedKeys keys;
    private final Uses uses;

    public Unwraps(
            Calls calls,
            Changes changes,
            Approvals approvals,
            Ciphers ciphers,
            KeyStore store,
            LeasedKeys keys,
            Uses uses) {
        this.calls = calls;
        this.changes = changes;
        this.approvals = approvals;
        this.ciphers = ciphers;
        this.store = store;
        this.keys = keys;
        this.uses = uses;
    }

    Answer<List<BatchResult>> decrypt(Call call, String keyId, Item.Decrypt item, String approval)
            throws ProblemException {
        Action action = Action.of(KeyOperation.DECRYPT);
        ObjectNode asked = HeldKey.node();
        @Nullable Evidence[] shown = new Evidence[1];
        return calls.perform(
                call,
                action,
                keyId,
                200,
                held -> {
                    asked.setAll(parameters(item));
                    Evidence evidence = approvals.evidence(approval, action.name(), keyId, asked);
                    shown[0] = evidence;
                    return Crypto.asking(List.of(item)).asking(asked).with(evidence.forPolicy());
                },
                outcome -> open(call, action, item, asked, Objects.requireNonNull(shown[0]), outcome));
    }

    /** What an approval for it names. */
    private static ObjectNode parameters(Item.Decrypt item) throws ProblemException {
        if (item.items() != null) {
            throw Fields.invalid("approval: is for one item; a batch has none");
        }
        if ((item.ciphertext() == null) == (item.dataKey() == null)) {
            throw Fields.invalid("ciphertext, dataKey: give one of them");
        }
        return item.ciphertext() == null
                ? HeldKey.node().put("dataKey", item.dataKey())
                : HeldKey.node().put("ciphertext", Digest.named(item.ciphertext()));
    }

    private List<BatchResult> open(
            Call call, Action action, Item.Decrypt item, ObjectNode asked, Evidence evidence, Outcome outcome)
            throws ProblemException {
        Key key = outcome.key().key();
        key.require(Lifecycle.Use.PROCESS);
        ObjectNode detail = outcome.draft().detail();
        detail.setAll(asked);
        detail.setAll(evidence.forRecord());
        Resource about = Resource.key(key.id(), Integer.toString(key.current().version()), null);
        Intent intent = changes.intend(call, action, outcome, about, detail.deepCopy());
        keys.requireStill(key.id(), Lifecycle.Use.PROCESS);
        calls.requireStill(call, outcome);
        Done done = ciphers.decrypt(new Subject(key, call.request()), item);
        // After the device, so that an approval is not used up by what failed, and before the answer, so that it opens
        // once.
        store.effect(intent, using -> approvals.use(evidence, using));
        uses.note(key.id(), call.caller().id(), 1);
        Tally tally = new Tally();
        tally.add(done);
        tally.describe(outcome.draft(), key, 0);
        return List.of(new BatchResult(done.result(), null));
    }
}
