package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.journal.Positions;
import dev.keyproof.broker.journal.Recorder;
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

    public Recovery(Journal journal, Recorder recorder, EventCodec codec, Positions positions, Settlement settlement) {
        this.journal = journal;
        this.recorder = recorder;
        this.codec = codec;
        this.positions = positions;
        this.settlement = settlement;
    }

    /**
     * Checks positions and settles open intents.
     *
     * @throws ConfigurationFault if the journal or the database is older than the other, or an intent cannot be settled
     */
    public void run() {
        Optional<Positions.Known> known = positions.find(journal.source());
        known.ifPresent(this::requireOneHistory);
        Map<String, Long> open = openIntents(known.map(Positions.Known::settled).orElse(0L));
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
        recorder.settledBefore().ifPresent(before -> positions.settle(journal.source(), before));
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

    /** Intents without outcome, by uid; refuses outcomes of success that the database knows nothing of. */
    private Map<String, Long> openIntents(long from) {
        Map<String, Long> open = new LinkedHashMap<>();
        long next = from;
        try {
            for (List<byte[]> page = journal.read(next, PAGE);
                    !page.isEmpty();
                    next += page.size(), page = journal.read(next, PAGE)) {
                for (int i = 0; i < page.size(); i++) {
                    follow(codec.tree(page.get(i)), next + i, open);
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
