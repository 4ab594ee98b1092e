package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Persons;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.decision.Explanations;
import dev.keyproof.broker.decision.Verdict;
import dev.keyproof.broker.elevation.StandingElevations;
import dev.keyproof.broker.hat.Hats;
import dev.keyproof.broker.itsm.ChangeDesk;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.trace.Traces;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks policy for leave, with what it may want to know besides: the change that the call names is looked up only when nothing else
 * is in the way, and the hat that the caller puts on is on, for all brokers, before anything is done.
 */
public final class Permits {
    private final Decisions decisions;
    private final Explanations explanations;
    private final LeasedKeys keys;
    private final Hats hats;
    private final ChangeDesk changes;
    private final StandingElevations elevations;
    private final Persons persons;
    private final LongConsumer decidedAfter;
    private final Traces traces;

    /**
     * Leave by that policy.
     *
     * @param decidedAfter told after how many nanoseconds each decision was made
     */
    public Permits(
            Decisions decisions,
            Explanations explanations,
            LeasedKeys keys,
            Hats hats,
            ChangeDesk changes,
            StandingElevations elevations,
            Persons persons,
            LongConsumer decidedAfter,
            Traces traces) {
        this.decisions = decisions;
        this.explanations = explanations;
        this.keys = keys;
        this.hats = hats;
        this.changes = changes;
        this.elevations = elevations;
        this.persons = persons;
        this.decidedAfter = decidedAfter;
        this.traces = traces;
    }

    /** How the change that a call names is found. */
    @FunctionalInterface
    interface LookUp {
        /** For what was decided otherwise before: then nobody asked. */
        LookUp NOT_ASKED = change -> {
            throw new ProblemException(Problem.CONFLICT, "the key changed while the call was decided; ask again");
        };

        ObjectNode change(String id) throws ProblemException;
    }

    /** Asks whoever keeps changes, each time. */
    LookUp desk() {
        return changes::lookUp;
    }

    /**
     * Asks for the change that the call names, if that is all that policy lacks: for who is about to hold a lock, since nobody waits for
     * another system under one. What the desk does not say is thrown when it is wanted.
     */
    Optional<LookUp> beforehand(Call call, Action action, @Nullable HeldKey held, Ask ask) throws ProblemException {
        String change = call.change();
        if (change == null
                || !decide(call, action, held, ask, worn(call, held, ask)).lacksChange()) {
            return Optional.empty();
        }
        try {
            ObjectNode found = changes.lookUp(change);
            return Optional.of(id -> found);
        } catch (ProblemException e) {
            return Optional.of(id -> {
                throw e;
            });
        }
    }

    /**
     * The verdict, which allows.
     *
     * @param lookUp asked for the change that the call names, once nothing else is in the way
     * @param held the key, or null for a call about none or an unknown one
     * @param known whether there is such a key, or the call is about none
     * @param draft takes the decision, whatever it is
     * @throws ProblemException if policy refuses, or what it must know cannot be had
     */
    Verdict permit(
            Call call, Action action, @Nullable HeldKey held, boolean known, Ask asked, LookUp lookUp, Draft draft)
            throws ProblemException {
        Ask ask = asked;
        String about = about(held, ask);
        String worn = worn(call, held, ask);
        Verdict verdict = decide(call, action, held, ask, worn, draft);
        if (call.change() != null && verdict.lacksChange()) {
            ask = ask.under(lookUp.change(call.change()));
            verdict = decide(call, action, held, ask, worn, draft);
        }
        explanations.require(call, verdict, known, action.changesKey());
        String hat = verdict.wear();
        if (hat != null && about != null) {
            worn = hats.wear(about, person(call), hat);
            if (!worn.equals(hat)) {
                verdict = decide(call, action, held, ask, worn, draft);
                explanations.require(call, verdict, known, action.changesKey());
            }
        }
        return verdict;
    }

    /** Puts the hat on that policy said the caller wears on the key which this call brings about. */
    void wear(Call call, String key, Verdict verdict) throws ProblemException {
        String hat = verdict.wear();
        if (hat != null) {
            hats.wear(key, person(call), hat);
        }
    }

    /** What policy would say of another operation, on a key or on none. */
    Verdict wouldBe(Call call, String operation, @Nullable HeldKey key, Ask ask) throws ProblemException {
        return decide(call, operation, key, ask, null);
    }

    private Verdict decide(
            Call call, Action action, @Nullable HeldKey held, Ask ask, @Nullable String worn, Draft draft)
            throws ProblemException {
        Verdict verdict = decide(call, action, held, ask, worn);
        draft.decided(verdict.recorded());
        return verdict;
    }

    private Verdict decide(Call call, Action action, @Nullable HeldKey held, Ask ask, @Nullable String worn)
            throws ProblemException {
        return decide(call, action.name(), held, ask, worn);
    }

    private Verdict decide(Call call, String operation, @Nullable HeldKey held, Ask ask, @Nullable String worn)
            throws ProblemException {
        boolean killSwitch = keys.killSwitch();
        @Nullable ArrayNode elevated = elevations.forPolicy(call, held);
        long began = System.nanoTime();
        Verdict verdict = traces.step(
                "decision",
                () -> decisions.decide(
                        call, operation, held == null ? null : held.document(), ask, killSwitch, worn, elevated));
        decidedAfter.accept(System.nanoTime() - began);
        return verdict;
    }

    /** Ends what takes long when the elevation ends that it is done under. */
    void requireStill(Call call, Verdict verdict) throws ProblemException {
        String elevation = verdict.elevation();
        if (elevation != null) {
            elevations.requireStill(call, elevation);
        }
    }

    private @Nullable String worn(Call call, @Nullable HeldKey held, Ask ask) {
        String about = about(held, ask);
        return about == null ? null : hats.seen(about, person(call));
    }

    /** One person wears one hat, by whichever proof. */
    private String person(Call call) {
        return persons.of(call.caller().id());
    }

    /** The key that the call is about, or whose approval it is about. */
    private static @Nullable String about(@Nullable HeldKey held, Ask ask) {
        if (held != null) {
            return held.key().id();
        }
        String approved =
                ask.approvals() == null ? "" : ask.approvals().path("key").asText();
        return approved.isEmpty() ? null : approved;
    }
}
