package dev.keyproof.broker.elevation;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Which calls were made under which elevation. Derived: it can be made again from the brokers' journals. */
@Repository
public class SessionStore {
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SessionStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** A call and the elevation it was made under. */
    record Made(String elevation, SessionCall call) {}

    /** Up to where a journal was read. */
    Optional<Long> position(String source, String epoch) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT sequence FROM elevation_indexed WHERE source = ? AND epoch = ?")
                .params(source, epoch)
                .query(Long.class)
                .optional());
    }

    /** Adds what was found up to there, and notes it, in one. */
    void add(String source, String epoch, long upTo, List<Made> found) throws ProblemException {
        asking(() -> transaction.execute(status -> {
            for (Made made : found) {
                SessionCall call = made.call();
                jdbc.sql("INSERT INTO elevation_call (elevation, record, time, operation, key_id, code, problem)"
                                + " VALUES (:elevation, :record, :time, :operation, :key, :code, :problem)"
                                + " ON CONFLICT (record) DO NOTHING")
                        .param("elevation", made.elevation())
                        .param("record", call.record())
                        .param("time", call.time())
                        .param("operation", call.operation())
                        .param("key", call.key())
                        .param("code", call.code())
                        .param("problem", call.problem())
                        .update();
            }
            return jdbc.sql(
                            "INSERT INTO elevation_indexed (source, epoch, sequence) VALUES (?, ?, ?) ON CONFLICT (source)"
                                    + " DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence")
                    .params(source, epoch, upTo)
                    .update();
        }));
    }

    /** Calls under an elevation, in the order in which they were indexed. */
    public List<SessionCall> calls(String elevation, long after, int limit) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT number, record, time, operation, key_id, code, problem FROM elevation_call"
                        + " WHERE elevation = ? AND number > ? ORDER BY number LIMIT ?")
                .params(elevation, after, limit)
                .query((row, n) -> new SessionCall(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getInt(6),
                        row.getString(7)))
                .list());
    }
}
