package dev.keyproof.broker.use;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.problem.ProblemException;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of uses, which all brokers add to. */
@Repository
public class UseStore {
    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final TransactionTemplate transaction;

    public UseStore(JdbcClient jdbc, JdbcTemplate batches, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.transaction = transaction;
    }

    /** A block of a key version's uses that somebody wants. */
    record Wanted(String key, int version, long block, long limit) {}

    /**
     * Takes blocks of uses, in one transaction however many are wanted.
     *
     * @return how many of each were taken, in the same order; 0 where the limit is reached
     */
    List<Long> take(List<Wanted> wanted) throws ProblemException {
        return asking(() -> transaction.execute(status -> {
            List<Long> taken = new ArrayList<>();
            for (Wanted one : wanted) {
                taken.add(jdbc.sql("UPDATE key_version v SET uses ="
                                + " greatest(v.uses, least(v.uses + ?, ?)), uses_limit = ? FROM"
                                + " (SELECT key_id, version, uses FROM key_version WHERE key_id = ? AND version = ?"
                                + " FOR UPDATE) old WHERE v.key_id = old.key_id AND v.version = old.version"
                                + " RETURNING v.uses - old.uses")
                        .params(one.block(), one.limit(), one.limit(), one.key(), one.version())
                        .query(Long.class)
                        .optional()
                        .map(got -> Math.max(0, got))
                        .orElse(0L));
            }
            return taken;
        }));
    }

    /** By the limit that held when uses were last taken. */
    Set<String> nearlyUsedUp() throws ProblemException {
        return asking(() -> Set.copyOf(jdbc.sql("SELECT k.id FROM key k JOIN key_version v ON v.key_id = k.id AND"
                        + " v.version = k.current_version WHERE v.uses_limit > 0 AND v.uses * 10 >= v.uses_limit * 9")
                .query(String.class)
                .list()));
    }

    /** Adds uses, all or none. */
    void add(Collection<KeyUse> uses) throws ProblemException {
        asking(() -> transaction.execute(status -> batches.batchUpdate(
                "INSERT INTO key_use (key_id, actor, day, operations, last) VALUES (?,?,?,?,?)"
                        + " ON CONFLICT (key_id, actor, day) DO UPDATE SET operations = key_use.operations +"
                        + " excluded.operations, last = greatest(key_use.last, excluded.last)",
                uses,
                500,
                (row, use) -> {
                    row.setString(1, use.key());
                    row.setString(2, use.actor());
                    row.setDate(3, Date.valueOf(LocalDate.ofInstant(use.last(), ZoneOffset.UTC)));
                    row.setLong(4, use.operations());
                    row.setTimestamp(5, Timestamp.from(use.last()));
                })));
    }

    /** Who used a key, or any key where it is empty, since a day; the latest first. */
    List<KeyUse> users(String key, LocalDate since) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT key_id, actor, sum(operations), max(last) FROM key_use WHERE day >= ? AND"
                        + " (? = '' OR key_id = ?) GROUP BY key_id, actor ORDER BY max(last) DESC LIMIT 1000")
                .params(Date.valueOf(since), key, key)
                .query((row, n) -> new KeyUse(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getTimestamp(4).toInstant()))
                .list());
    }

    /** When each key was last used. */
    Map<String, Instant> last() throws ProblemException {
        return asking(() -> jdbc
                .sql("SELECT key_id, max(last) FROM key_use GROUP BY key_id")
                .query((row, n) ->
                        Map.entry(row.getString(1), row.getTimestamp(2).toInstant()))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
