package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.KeyUse;
import dev.keyproof.broker.use.Uses;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call that ends all use, everywhere; and what it would hit. */
public final class KillSwitches {
    /** How far back a preview looks. */
    public static final int DAYS = 30;

    private static final String WAY_BACK = "PUT /v1/kill-switch {\"on\": false, \"approval\": ID}";

    private final Calls calls;
    private final Changes changes;
    private final KeyStore store;
    private final LeasedKeys leased;
    private final Approvals approvals;
    private final Uses uses;

    public KillSwitches(
            Calls calls, Changes changes, KeyStore store, LeasedKeys leased, Approvals approvals, Uses uses) {
        this.calls = calls;
        this.changes = changes;
        this.store = store;
        this.leased = leased;
        this.approvals = approvals;
        this.uses = uses;
    }

    /** The switch, and the call that turns it back where it is on. */
    public record State(boolean on, String wayBack) {
        static State of(boolean on) {
            return new State(on, on ? WAY_BACK : "");
        }
    }

    /**
     * Turns the switch; answered when no broker acts any more on what it was before.
     *
     * @param approval id of the one that policy asks for, most likely for turning it off
     */
    public Answer<State> turn(Call call, boolean on, @Nullable String approval) throws ProblemException {
        Action action = Action.SET_KILL_SWITCH;
        ObjectNode parameters = HeldKey.node().put("on", on);
        Resource about = new Resource("kill-switch", null, "switch", null, null, null, null);
        Shown shown = new Shown(approvals, approval);
        return calls.perform(
                call,
                action,
                null,
                200,
                none -> shown.with(Ask.parameters(parameters), action, parameters),
                outcome -> turn(call, on, action, parameters, about, shown.evidence(), outcome));
    }

    private State turn(
            Call call,
            boolean on,
            Action action,
            ObjectNode parameters,
            Resource about,
            @Nullable Evidence evidence,
            Outcome outcome)
            throws ProblemException {
        State state = State.of(on);
        outcome.draft().on(about);
        outcome.draft().detail().put("on", on);
        ObjectNode detail = parameters.deepCopy();
        KeyStore.Besides besides = KeyStore.Besides.nothing();
        if (evidence != null) {
            detail.setAll(evidence.forRecord());
            outcome.draft().detail().setAll(evidence.forRecord());
            besides = using -> approvals.use(evidence, using);
        }
        Intent intent = changes.intend(call, action, outcome, about, detail);
        leased.put(store.killSwitch(intent, on, besides));
        if (on) {
            leased.awaitEverywhere();
            outcome.draft().detail().put("wayBack", state.wayBack());
        }
        return state;
    }

    public Answer<State> read(Call call) throws ProblemException {
        return calls.perform(
                call, Action.READ_INVENTORY, null, 200, none -> Ask.PLAIN, outcome -> State.of(leased.killSwitch()));
    }

    /** Whom the switch would hit: who used which key in the last {@link #DAYS} days. */
    public Answer<List<KeyUse>> preview(Call call) throws ProblemException {
        return calls.perform(call, Action.READ_INVENTORY, null, 200, none -> Ask.PLAIN, outcome -> uses.users(DAYS));
    }

    /** Whom the end of one key would hit. */
    public Answer<List<KeyUse>> preview(Call call, String id) throws ProblemException {
        return calls.perform(
                call,
                Action.of(KeyOperation.GET_KEY),
                id,
                200,
                none -> Ask.PLAIN,
                outcome -> uses.users(outcome.key().key().id(), DAYS));
    }
}
