package dev.keyproof.broker.elevation;

import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.config.ConfigurationFault;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.EventCodec;
import dev.keyproof.log.journal.Journal;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what elevations are made of, and keeps it going. */
@Configuration(proxyBeanMethods = false)
class Lending {
    private static final Logger LOG = LoggerFactory.getLogger(Lending.class);
    /** Three readings per lease, so that one may fail. */
    private static final long LEASE_MS = 150;

    private static final long SESSIONS_MS = 1_000;

    @Bean
    StandingElevations standingElevations(
            ElevationStore store, Approvals approvals, Decisions decisions, Recorder recorder, Clock clock) {
        return new StandingElevations(store, approvals, decisions, recorder, clock);
    }

    @Bean
    SessionIndex sessionIndex(Journal journal, EventCodec codec, SessionStore store, StandingElevations elevations) {
        try {
            return SessionIndex.of(journal, codec, store, elevations);
        } catch (ProblemException e) {
            throw new ConfigurationFault("the index of sessions cannot be read: " + e.detail(), e);
        }
    }

    @Bean
    GlassReviews glassReviews(ElevationStore store, Recorder recorder, Clock clock) {
        return new GlassReviews(store, recorder, clock);
    }

    @Bean
    Beats lendingBeats(StandingElevations elevations, SessionIndex index, GlassReviews reviews) {
        return new Beats(elevations, index, reviews);
    }

    /** What is done again and again: the lease by one thread, the rest by another. */
    static final class Beats implements AutoCloseable {
        private final ScheduledExecutorService lease = executor("elevations");
        private final ScheduledExecutorService rest = executor("sessions");

        Beats(StandingElevations elevations, SessionIndex index, GlassReviews reviews) {
            every(lease, LEASE_MS, "elevations", elevations::renew);
            every(rest, SESSIONS_MS, "sessions", index::catchUp);
            every(rest, SESSIONS_MS, "reviews", reviews::perform);
        }

        @FunctionalInterface
        private interface Beat {
            void beat() throws ProblemException;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // A beat catches what it throws; there is nothing to wait for.
        private static void every(ScheduledExecutorService executor, long millis, String name, Beat beat) {
            executor.scheduleWithFixedDelay(
                    () -> {
                        try {
                            beat.beat();
                        } catch (ProblemException | RuntimeException e) {
                            LOG.warn("event=beat-failed beat={} reason=\"{}\"", name, e.getMessage());
                        }
                    },
                    0,
                    millis,
                    TimeUnit.MILLISECONDS);
        }

        private static ScheduledExecutorService executor(String name) {
            return Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name(name).factory());
        }

        @Override
        public void close() {
            lease.shutdownNow();
            rest.shutdown();
            try {
                if (!rest.awaitTermination(5, TimeUnit.SECONDS)) {
                    rest.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
