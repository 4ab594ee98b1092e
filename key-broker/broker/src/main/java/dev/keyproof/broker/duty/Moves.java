package dev.keyproof.broker.duty;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.datakey.DataKey;
import dev.keyproof.broker.datakey.DataKeyStore;
import dev.keyproof.broker.datakey.ReWrap;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.DataKeys;
import dev.keyproof.broker.operation.Rotations;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves data keys to their KEK's current version, a batch at a time and no faster than policy says; when none is left behind,
 * the older versions are retired. Where it stands is in the database, so it goes on after any crash. Run by one thread.
 */
public final class Moves {
    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);
    private static final int BATCH = 64;
    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final DataKeyStore store;
    private final DataKeys dataKeys;
    private final Rotations rotations;
    private final Clock clock;
    private final Map<String, Round> rounds = new HashMap<>();

    public Moves(DataKeyStore store, DataKeys dataKeys, Rotations rotations, Clock clock) {
        this.store = store;
        this.dataKeys = dataKeys;
        this.rotations = rotations;
        this.clock = clock;
    }

    /**
     * Where this process is with a move.
     *
     * @param order the order that it follows
     * @param after id of the last data key of the last batch
     * @param failed how many of this round stay behind
     * @param notBefore when the next batch may go
     */
    private record Round(String order, String after, long failed, Instant notBefore) {}

    /** Does the next batch of each move whose time has come. */
    public void perform() throws ProblemException {
        List<ReWrap> moves = store.moves();
        rounds.keySet()
                .removeIf(kek -> moves.stream().noneMatch(move -> move.kek().equals(kek)));
        for (ReWrap move : moves) {
            Instant now = clock.instant();
            Round round = rounds.get(move.kek());
            if (round == null || !round.order().equals(move.orderedBy())) {
                round = new Round(move.orderedBy(), "", 0, now);
            }
            if (round.notBefore().isAfter(now)) {
                continue;
            }
            rounds.put(move.kek(), attempt(move, round, now));
        }
    }

    private Round attempt(ReWrap move, Round round, Instant now) {
        try {
            return next(move, round, now);
        } catch (ProblemException e) {
            LOG.warn(
                    "event=move-failed kek={} to={} problem={} reason=\"{}\"",
                    move.kek(),
                    move.version(),
                    e.problem().id(),
                    e.detail());
            // This broker may learn of the rotation a moment after the move was ordered by another.
            Duration pause = e.problem() == Problem.CONFLICT ? MOMENT : PAUSE;
            return new Round(round.order(), round.after(), round.failed(), now.plus(pause));
        }
    }

    private Round next(ReWrap move, Round round, Instant now) throws ProblemException {
        List<DataKey> batch = store.elsewhere(move.kek(), move.version(), round.after(), BATCH);
        if (!batch.isEmpty()) {
            long failed = dataKeys.move(Call.own(clock), move, batch, round.failed());
            Duration pause = Duration.ofNanos(batch.size() * 1_000_000_000L / move.perSecond());
            return new Round(round.order(), batch.getLast().id(), failed, now.plus(pause));
        }
        if (store.countElsewhere(move.kek(), move.version()) == 0) {
            rotations.retire(Call.own(clock), move.kek(), Change.because("every data key has moved"));
            LOG.info("event=move-ended kek={} to={}", move.kek(), move.version());
        } else if (move.due().isBefore(now)) {
            LOG.warn("event=move-late kek={} to={} due={}", move.kek(), move.version(), move.due());
        }
        return new Round(round.order(), "", 0, now.plus(PAUSE));
    }
}
