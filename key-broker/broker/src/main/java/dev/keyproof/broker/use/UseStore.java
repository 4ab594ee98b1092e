package dev.keyproof.broker.use;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of uses, which all brokers add to. */
@Repository
public class UseStore {
    private final JdbcClient jdbc;

    public UseStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes a block of a key version's uses.
     *
     * @return how many were taken; 0 where the limit is reached
     */
    long take(String key, int version, long block, long limit) throws ProblemException {
        return asking(() -> jdbc.sql("UPDATE key_version v SET uses = least(v.uses + ?, ?) FROM"
                                + " (SELECT key_id, version, uses FROM key_version WHERE key_id = ? AND version = ?"
                                + " FOR UPDATE) old WHERE v.key_id = old.key_id AND v.version = old.version"
                                + " RETURNING v.uses - old.uses")
                        .params(block, limit, key, version)
                        .query(Long.class)
                        .optional())
                .map(taken -> Math.max(0, taken))
                .orElse(0L);
    }

    Set<String> nearlyUsedUp() throws ProblemException {
        return asking(() -> Set.copyOf(jdbc.sql("SELECT k.id FROM key k JOIN key_version v ON v.key_id = k.id AND"
                        + " v.version = k.current_version WHERE k.usage_limit > 0 AND v.uses * 10 >= k.usage_limit * 9")
                .query(String.class)
                .list()));
    }

    void add(KeyUse use) throws ProblemException {
        asking(() -> jdbc.sql("INSERT INTO key_use (key_id, actor, day, operations, last) VALUES (?,?,?,?,?)"
                        + " ON CONFLICT (key_id, actor, day) DO UPDATE SET operations = key_use.operations +"
                        + " excluded.operations, last = greatest(key_use.last, excluded.last)")
                .params(
                        use.key(),
                        use.actor(),
                        Date.valueOf(LocalDate.ofInstant(use.last(), ZoneOffset.UTC)),
                        use.operations(),
                        Timestamp.from(use.last()))
                .update());
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

    private static <T> T asking(Supplier<T> asking) throws ProblemException {
        try {
            return asking.get();
        } catch (DataAccessException e) {
            throw new ProblemException(Problem.STATE_UNAVAILABLE, "the database does not answer", e);
        }
    }
}
