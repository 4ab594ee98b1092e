package dev.keyproof.launcher.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.launcher.home.LauncherException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Counts until every store agrees, or until it is clear that they will not. */
public final class Drain {
    private static final String ALL = "{\"match_all\":{}}";

    private final Stores stores;
    private final String run;
    private final long operations;
    private final Duration patience;
    private final Consumer<String> doing;

    /**
     * A drain.
     *
     * @param operations what the caller counted
     * @param patience how long to count again
     * @param doing is told how far it is
     */
    public Drain(Stores stores, String run, long operations, Duration patience, Consumer<String> doing) {
        this.stores = stores;
        this.run = run;
        this.operations = operations;
        this.patience = patience;
        this.doing = doing;
    }

    /**
     * The counts when all agree and stay the same from one look to the next, or the last ones when patience ends.
     *
     * @throws LauncherException if a store cannot be asked
     */
    public Counts drained() throws LauncherException {
        long deadline = System.nanoTime() + patience.toNanos();
        awaitOperations(deadline);
        Counts before = count();
        while (true) {
            Counts now = count();
            List<String> open = now.disagreements();
            if (System.nanoTime() > deadline || (open.isEmpty() && now.equals(before))) {
                return now;
            }
            doing.accept(open.isEmpty() ? "all agree, looking again" : open.getFirst());
            before = now;
        }
    }

    /** The quick look: whether the log and the index have this run's operations. Counting Kafka takes a process. */
    private void awaitOperations(long deadline) throws LauncherException {
        while (System.nanoTime() < deadline) {
            long sealed = stores.sealed(run).path("sealed").asLong();
            long indexed = stores.indexed("keyproof-events", Stores.ofRun(run));
            doing.accept(sealed + " of " + operations + " operations sealed, " + indexed + " indexed");
            if (sealed >= operations && indexed >= operations) {
                return;
            }
            pause();
        }
    }

    private Counts count() throws LauncherException {
        JsonNode topics = stores.topics(run);
        JsonNode log = stores.sealed(run);
        return new Counts(
                operations,
                stores.journalled(run),
                topics.path("published").asLong(),
                log.path("sealed").asLong(),
                stores.indexed("keyproof-events", Stores.ofRun(run)),
                new Counts.Findings(
                        topics.path("findings").asLong(),
                        log.path("findings").asLong(),
                        stores.indexed("keyproof-findings", ALL)),
                new Counts.Alerts(
                        topics.path("alerts").asLong(),
                        stores.indexed("keyproof-alerts", ALL),
                        stores.received().path("distinct").asLong()),
                new Counts.Quarantined(
                        topics.path("quarantined").asLong(),
                        log.path("quarantined").asLong()));
    }

    private static void pause() throws LauncherException {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
