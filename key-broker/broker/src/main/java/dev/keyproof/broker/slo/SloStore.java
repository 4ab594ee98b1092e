package dev.keyproof.broker.slo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the database knows of promises whose fulfilment takes hours, whichever broker sees to it. */
@Repository
public class SloStore {
    private final JdbcClient jdbc;

    public SloStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The latest move of each KEK's data keys: those that ended in time, of those that ended or should have; null if it cannot be said. */
    Window.@Nullable Counted moves(Duration window, Duration limit) {
        return counted(
                "SELECT count(*) FILTER (WHERE ended <= began + make_interval(secs => ?)), count(*) FROM re_wrap"
                        + " WHERE began > now() - make_interval(secs => ?)"
                        + " AND (ended IS NOT NULL OR began < now() - make_interval(secs => ?))",
                limit.toSeconds(),
                window.toSeconds(),
                limit.toSeconds());
    }

    /** Requests of approval: those whose quorum stood in time, by the signatures that still stand, of those that did or should have. */
    Window.@Nullable Counted quorums(Duration window, Duration limit) {
        return counted(
                "SELECT count(*) FILTER (WHERE reached <= created + make_interval(secs => ?)), count(*) FROM (SELECT"
                        + " a.created, (SELECT s.given FROM approval_signature s WHERE s.approval = a.id AND s.withdrawn IS"
                        + " NULL ORDER BY s.given OFFSET a.quorum - 1 LIMIT 1) AS reached FROM approval a"
                        + " WHERE a.created > now() - make_interval(secs => ?)) requested"
                        + " WHERE reached IS NOT NULL OR created < now() - make_interval(secs => ?)",
                limit.toSeconds(),
                window.toSeconds(),
                limit.toSeconds());
    }

    private Window.@Nullable Counted counted(String sql, long limit, long window, long late) {
        try {
            return jdbc.sql(sql)
                    .params(limit, window, late)
                    .query((row, n) -> new Window.Counted(row.getLong(1), row.getLong(2)))
                    .single();
        } catch (DataAccessException e) {
            return null;
        }
    }
}
