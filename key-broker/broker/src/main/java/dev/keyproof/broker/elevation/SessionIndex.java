package dev.keyproof.broker.elevation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the calls that were made under elevations in this broker's own journal, and notes them where every broker finds them. Where it
 * stands is in the database, so it goes on after any crash; the calls themselves wait for nothing.
 */
public final class SessionIndex {
    private static final int PAGE = 1024;
    /** Longer than any call is under way. */
    private static final Duration QUIET = Duration.ofMinutes(10);
    /** What stands in every event of a session and in few others. */
    private static final String MARK = "\"session\":{";

    private final Journal journal;
    private final EventCodec codec;
    private final SessionStore store;
    private final StandingElevations elevations;
    private long next;
    private long noted;

    /** An index of a journal; what was written before there were elevations is not read. */
    static SessionIndex of(Journal journal, EventCodec codec, SessionStore store, StandingElevations elevations)
            throws ProblemException {
        long end = journal.size();
        return new SessionIndex(
                journal,
                codec,
                store,
                elevations,
                store.position(journal.source(), journal.epoch()).orElse(end));
    }

    private SessionIndex(
            Journal journal, EventCodec codec, SessionStore store, StandingElevations elevations, long next) {
        this.journal = journal;
        this.codec = codec;
        this.store = store;
        this.elevations = elevations;
        this.next = next;
        this.noted = -1;
    }

    /** Notes what came since the last time. */
    public synchronized void catchUp() throws ProblemException {
        long end = journal.size();
        if (elevations.quietFor(QUIET)) {
            next = end;
        }
        while (next < end) {
            page();
        }
        if (noted != next) {
            store.add(journal.source(), journal.epoch(), next, List.of());
            noted = next;
        }
    }

    private void page() throws ProblemException {
        try {
            List<byte[]> entries = journal.read(next, PAGE);
            List<SessionStore.Made> found = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                if (new String(entries.get(i), StandardCharsets.ISO_8859_1).contains(MARK)) {
                    SessionStore.Made made = made(codec.tree(entries.get(i)), next + i);
                    if (made != null) {
                        found.add(made);
                    }
                }
            }
            long upTo = next + entries.size();
            if (!found.isEmpty()) {
                store.add(journal.source(), journal.epoch(), upTo, found);
                noted = upTo;
            }
            next = upTo;
        } catch (LogException | EventFormatException e) {
            throw new ProblemException(Problem.JOURNAL_UNAVAILABLE, "the journal cannot be read", e);
        }
    }

    /** An outcome; an intent is no call of its own. */
    private SessionStore.@Nullable Made made(JsonNode event, long sequence) {
        String elevation = event.path("actor").path("session").path("uid").asText();
        String kind = event.path("unmapped").path("keyproof").path("kind").asText();
        if (elevation.isEmpty() || kind.equals("intent")) {
            return null;
        }
        JsonNode about = event.path("resources").path(0).path("uid");
        JsonNode problem = event.path("status_code");
        return new SessionStore.Made(
                elevation,
                new SessionCall(
                        0,
                        journal.source() + "/" + journal.epoch() + "/" + sequence,
                        Instant.ofEpochMilli(event.path("time").asLong()).toString(),
                        event.path("api").path("operation").asText(),
                        about.isTextual() ? about.asText() : null,
                        event.path("api").path("response").path("code").asInt(),
                        problem.isTextual() ? problem.asText() : null));
    }
}
