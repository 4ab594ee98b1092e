package dev.keyproof.broker.repeat;

import static dev.keyproof.broker.database.Database.asking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The first answers to calls with an Idempotency-Key, in the database, so that any broker has them. A call is entered before it is
 * done; what has no answer is under way, or was lost with its broker.
 */
public final class FirstAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Supplier<Duration> kept;

    public FirstAnswers(JdbcClient jdbc, Clock clock, Supplier<Duration> kept) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.kept = kept;
    }

    /**
     * What was answered.
     *
     * @param headers those that belong to the answer itself
     */
    public record Given(int status, Map<String, String> headers, byte[] body) {}

    /**
     * A call that came first.
     *
     * @param fingerprint of all that was asked
     * @param request id of the call
     * @param answer absent while there is none
     */
    public record First(
            String fingerprint, String request, @Nullable Given answer) {}

    /** Enters a call; the one that came first with that name, if this one did not. */
    public Optional<First> enter(String caller, String name, String fingerprint, String request)
            throws ProblemException {
        return asking(() -> {
            Timestamp now = Timestamp.from(clock.instant());
            jdbc.sql("DELETE FROM first_answer WHERE caller = ? AND name = ? AND expires <= ?")
                    .params(caller, name, now)
                    .update();
            int entered = jdbc.sql("INSERT INTO first_answer (caller, name, fingerprint, request, expires)"
                            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                    .params(
                            caller,
                            name,
                            fingerprint,
                            request,
                            Timestamp.from(clock.instant().plus(kept.get())))
                    .update();
            if (entered == 1) {
                return Optional.empty();
            }
            Optional<First> first = jdbc.sql("SELECT fingerprint, request, status, headers, body FROM first_answer"
                            + " WHERE caller = ? AND name = ?")
                    .params(caller, name)
                    .query((row, n) -> new First(
                            row.getString(1),
                            row.getString(2),
                            row.getObject(3) == null
                                    ? null
                                    : new Given(row.getInt(3), headers(row.getString(4)), row.getBytes(5))))
                    .optional();
            // It may have been given up between the two; then nobody knows what it asked for.
            return Optional.of(first.orElseGet(() -> new First(fingerprint, request, null)));
        });
    }

    /** Keeps the answer to a call that was entered. */
    public void keep(String caller, String name, Given answer) throws ProblemException {
        asking(() -> jdbc.sql(
                        "UPDATE first_answer SET status = ?, headers = ?::jsonb, body = ? WHERE caller = ? AND name = ?")
                .params(answer.status(), json(answer.headers()), answer.body(), caller, name)
                .update());
    }

    /** Gives up a call that was entered and came to nothing: it may be asked again. */
    public void giveUp(String caller, String name) throws ProblemException {
        asking(() -> jdbc.sql("DELETE FROM first_answer WHERE caller = ? AND name = ? AND status IS NULL")
                .params(caller, name)
                .update());
    }

    /** Forgets what has been kept long enough. */
    public void forget() throws ProblemException {
        asking(() -> jdbc.sql("DELETE FROM first_answer WHERE expires <= ?")
                .params(Timestamp.from(clock.instant()))
                .update());
    }

    private static String json(Map<String, String> headers) {
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is always JSON", e);
        }
    }

    private static Map<String, String> headers(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds what was written there", e);
        }
    }
}
