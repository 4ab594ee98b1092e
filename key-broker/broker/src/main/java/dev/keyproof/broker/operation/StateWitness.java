package dev.keyproof.broker.operation;

import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Positions;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.StateMark;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Set;

/**
 * Has the journal bear witness of the database's state, so that a broker which starts knows what it had seen, whoever had changed it;
 * and of the database being older than that. Used by one thread.
 */
public final class StateWitness {
    private static final String WITNESS = "WitnessState";
    private static final String REFUSAL = "RefuseOlderState";
    /** The records that say what was seen of the database. */
    static final Set<String> ACTIONS = Set.of(WITNESS, REFUSAL);

    /** The start reads from the last witness on; this many records are soon read. */
    private static final long MOST_RECORDS = 50_000;

    private final LeasedKeys keys;
    private final Recorder recorder;
    private final Positions positions;
    private StateMark last = StateMark.NONE;
    private long at;
    private boolean told;

    public StateWitness(LeasedKeys keys, Recorder recorder, Positions positions) {
        this.keys = keys;
        this.recorder = recorder;
        this.positions = positions;
    }

    /** Puts the state on the record, if it is another than the one that stands there or that stands far back. */
    public void witness() throws ProblemException {
        if (keys.older()) {
            tellOlder();
            return;
        }
        StateMark state = keys.seen();
        if (state.equals(last) && recorder.size() - at < MOST_RECORDS) {
            return;
        }
        Draft draft = Draft.service(WITNESS).message("The database's state, as this broker has seen it.");
        draft.detail().put("revision", state.revision()).put("mark", state.mark());
        Recorded recorded = recorder.append(draft);
        last = state;
        at = recorded.position().sequence();
        // After the record: what the database says of it may be behind, and never ahead.
        positions.witness(recorded.position().source(), at);
    }

    /** Once, for nothing is done any more until the broker starts again. */
    public void tellOlder() throws ProblemException {
        if (told || !keys.older()) {
            return;
        }
        StateMark seen = keys.seen();
        Draft draft = Draft.service(REFUSAL)
                .failed(new ProblemException(
                        Problem.STATE_OLDER, "the database does not hold the state that this broker has seen of it"))
                .message("The database is older than it was; every call is refused.");
        draft.detail().put("revision", seen.revision()).put("mark", seen.mark());
        recorder.append(draft);
        told = true;
    }
}
