package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.journal.Positions;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.StateMark;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.event.Status;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the first call: journal and database must be of one history, and no intent is left without its outcome. What
 * cannot be reconciled is refused, since going on would hide a restored older folder.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int PAGE = 1024;

    private final Journal journal;
    private final Recorder recorder;
    private final EventCodec codec;
    private final Positions positions;
    private final Settlement settlement;
    private final LeasedKeys.Source state;
    private StateMark witnessed = StateMark.NONE;

    public Recovery(
            Journal journal,
            Recorder recorder,
            EventCodec codec,
            Positions positions,
            Settlement settlement,
            LeasedKeys.Source state) {
        this.journal = journal;
        this.recorder = recorder;
        this.codec = codec;
        this.positions = positions;
        this.settlement = settlement;
        this.state = state;
    }

    /**
     * Checks positions and settles open intents.
     *
     * @throws ConfigurationFault if the journal or the database is older than the other, or an intent cannot be settled
     */
    public void run() {
        Optional<Positions.Known> known = positions.find(journal.source());
        known.ifPresent(this::requireOneHistory);
        long settled = known.map(Positions.Known::settled).orElse(0L);
        Map<String, Long> open =
                openIntents(settled, known.map(Positions.Known::witnessed).orElse(0L));
        StateMark held = requireWitnessed();
        if (known.isEmpty()) {
            positions.begin(journal.source(), journal.epoch());
        }
        open.forEach(recorder::reopen);
        for (String intent : open.keySet()) {
            try {
                settlement.resolve(intent);
                LOG.info("event=intent-settled intent={}", intent);
            } catch (ProblemException e) {
                throw new ConfigurationFault(
                        "open intent " + intent + " cannot be settled: " + e.detail() + "; see that device and database"
                                + " answer, then start again",
                        e);
            }
        }
        recorder.settledBefore()
                .ifPresent(before -> positions.settle(journal.source(), before, held.revision(), held.mark()));
    }

    private void requireOneHistory(Positions.Known known) {
        if (!known.epoch().equals(journal.epoch())) {
            throw new ConfigurationFault("the journal of " + journal.source() + " has epoch " + journal.epoch()
                    + ", the database knows " + known.epoch() + ": one of them is of another installation; restore the"
                    + " folder that belongs to it");
        }
        if (known.intentSequence() >= journal.size() || known.settled() > journal.size()) {
            throw new ConfigurationFault("the journal of " + journal.source() + " ends at " + journal.size()
                    + ", the database holds the effect of an intent at " + known.intentSequence()
                    + ": the journal is older than the database; restore the newer folder");
        }
    }

    /** What another broker changed stands in no outcome of this journal; that it was seen does. */
    private StateMark requireWitnessed() {
        try {
            LeasedKeys.Reading reading = state.read(witnessed);
            if (reading.follows()) {
                return reading.state();
            }
        } catch (ProblemException e) {
            throw new ConfigurationFault("the keys' state cannot be read: " + e.detail(), e);
        }
        throw new ConfigurationFault("the journal of " + journal.source() + " bears witness of state "
                + witnessed.revision() + " of the database, which the database does not hold: the database is older"
                + " than the journal; restore the newer one");
    }

    /** Intents without outcome, by uid; refuses outcomes of success that the database knows nothing of. */
    private Map<String, Long> openIntents(long settled, long witness) {
        Map<String, Long> open = new LinkedHashMap<>();
        long next = Math.min(settled, witness);
        try {
            for (List<byte[]> page = journal.read(next, PAGE);
                    !page.isEmpty();
                    next += page.size(), page = journal.read(next, PAGE)) {
                for (int i = 0; i < page.size(); i++) {
                    JsonNode event = codec.tree(page.get(i));
                    if (StateWitness.ACTIONS.contains(
                            event.path("api").path("operation").asText())) {
                        JsonNode detail =
                                event.path("unmapped").path("keyproof").path("detail");
                        witnessed = new StateMark(
                                detail.path("revision").asLong(),
                                detail.path("mark").asText());
                    }
                    if (next + i >= settled) {
                        follow(event, next + i, open);
                    }
                }
            }
        } catch (LogException | EventFormatException e) {
            throw new ConfigurationFault(
                    "the journal of " + journal.source() + " cannot be read: " + e.getMessage(), e);
        }
        return open;
    }

    private void follow(JsonNode event, long sequence, Map<String, Long> open) {
        JsonNode keyproof = event.path("unmapped").path("keyproof");
        if (keyproof.path("kind").asText().equals("intent")) {
            open.put(event.path("metadata").path("uid").asText(), sequence);
            return;
        }
        String intent = keyproof.path("intent").asText("");
        if (intent.isEmpty() || open.remove(intent) == null) {
            return;
        }
        boolean done = event.path("status_id").asInt() == Status.SUCCESS.id();
        if (done && !positions.hasEffect(intent)) {
            throw new ConfigurationFault("the journal of " + journal.source() + " holds at " + sequence
                    + " the outcome of a change that the database does not hold: the database is older than the journal;"
                    + " restore the newer one");
        }
    }
}
