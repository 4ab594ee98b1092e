package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.key.Terms.Destruction;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.event.KeyOperation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How keys end: at once, or ordered for a day and cancelled until then. */
public final class Destructions {
    private final Changes changes;
    private final KeyStore store;
    private final LeasedKeys leased;
    private final KeyProvider provider;
    private final Approvals approvals;

    public Destructions(Changes changes, KeyStore store, LeasedKeys leased, KeyProvider provider, Approvals approvals) {
        this.changes = changes;
        this.store = store;
        this.leased = leased;
        this.provider = provider;
        this.approvals = approvals;
    }

    /**
     * An order to destroy.
     *
     * @param days from now until then, within the window that policy leaves
     */
    public record Order(
            @Nullable Integer days,
            @Nullable String approval,
            @Nullable String reason) {}

    /** Destroys every version in the device, reads back that none is there, and only then says so. */
    public Answer<KeyDocument> destroy(Call call, String id, Change request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.DESTROY_KEY,
                id,
                request,
                Changes.Parameters.none(),
                Changes.Describing.nothing(),
                (intent, outcome, besides) ->
                        everywhere(outcome, store.change(intent, id, key -> destroyed(provider, key), besides)));
    }

    /** Orders the destruction of a key, which is of no use from now on; answered when no broker uses it any more. */
    public Answer<KeyDocument> schedule(Call call, String id, Order order) throws ProblemException {
        String approval = order.approval() == null ? "" : order.approval();
        return changes.change(
                call,
                KeyOperation.SCHEDULE_DESTRUCTION,
                id,
                new Change(order.approval(), order.reason()),
                () -> HeldKey.node().put("days", days(order)),
                Changes.Describing.nothing(),
                (intent, outcome, besides) -> {
                    Destruction destruction = new Destruction(
                            changes.now().plus(Duration.ofDays(days(order))), days(order), intent.uid(), approval);
                    Key after = store.change(
                            intent,
                            id,
                            key -> key.after(Lifecycle.Change.SCHEDULE_DESTRUCTION)
                                    .ordered(destruction),
                            besides);
                    outcome.draft()
                            .detail()
                            .put("destroys", destruction.due().toString())
                            .put("wayBack", "POST /v1/keys/" + id + ":cancel-destruction");
                    leased.put(after);
                    leased.awaitEverywhere();
                    return after;
                });
    }

    /** Takes the order back; the key stays suspended, or what else it is. */
    public Answer<KeyDocument> cancel(Call call, String id, Change request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.CANCEL_DESTRUCTION,
                id,
                request,
                Changes.Parameters.none(),
                held -> {
                    Destruction destruction = held.key().terms().destruction();
                    return destruction == null ? HeldKey.node() : HeldKey.node().put("order", destruction.order());
                },
                (intent, outcome, besides) -> store.change(
                        intent,
                        id,
                        key -> key.after(Lifecycle.Change.CANCEL_DESTRUCTION).ordered(null),
                        besides));
    }

    /** Does what was ordered and is due, on the approval that the order was given by, verified again. */
    public Answer<KeyDocument> due(Call call, String id, Destruction ordered) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.DESTROY_KEY,
                id,
                asked -> approvals.evidenceOf(
                        ordered.order(),
                        ordered.approval(),
                        KeyOperation.SCHEDULE_DESTRUCTION.canonicalName(),
                        id,
                        HeldKey.node().put("days", ordered.days())),
                () -> HeldKey.node().put("due", ordered.due().getEpochSecond()),
                held -> HeldKey.node().put("order", ordered.order()),
                (intent, outcome, besides) -> everywhere(
                        outcome,
                        store.change(
                                intent,
                                id,
                                key -> {
                                    if (!ordered.equals(key.terms().destruction())) {
                                        throw new ProblemException(
                                                Problem.CONFLICT, "the order was taken back or changed");
                                    }
                                    return destroyed(provider, key);
                                },
                                besides)));
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

    /** No broker uses it any more, the device is asked once more, and the record says what it answered. */
    private Key everywhere(Outcome outcome, Key after) throws ProblemException {
        leased.put(after);
        leased.awaitEverywhere();
        ObjectNode proof = outcome.draft().detail().putObject("proof");
        boolean held = false;
        for (KeyVersion version : after.versions()) {
            held |= provider.holds(after.id(), version.version());
        }
        boolean wrapped = store.find(after.id()).stream()
                .flatMap(key -> key.versions().stream())
                .anyMatch(version -> version.wrapped() != null);
        proof.put("versions", after.versions().size()).put("inDevice", held).put("wrappedKept", wrapped);
        if (held || wrapped) {
            throw new ProblemException(
                    Problem.PROVIDER_UNAVAILABLE, "the key is destroyed, and something of it is left");
        }
        return after;
    }

    private static int days(Order order) throws ProblemException {
        if (order.days() == null || order.days() < 0 || order.days() > 365) {
            throw Fields.invalid("days: is from 0 to 365");
        }
        return order.days();
    }
}
