package dev.keyproof.broker.elevation;

import static dev.keyproof.broker.database.Database.asking;

import dev.keyproof.broker.database.Database.Question;
import dev.keyproof.broker.elevation.Elevation.Grant;
import dev.keyproof.broker.elevation.Elevation.Review;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The elevations' rows. What changes one is part of the transaction of an effect. */
@Repository
public class ElevationStore {
    private static final String SELECT =
            "SELECT id, holder, terms, change, approval, requested, began, until, intent, ended,"
                    + " review_due, reviewer, verdict, review, reviewed FROM elevation ";
    private static final int LISTED = 200;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ElevationStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** What is put on the record of an elevation by whichever broker comes first. */
    @FunctionalInterface
    interface Telling {
        void tell(Elevation elevation) throws ProblemException;
    }

    public void insert(Elevation elevation) throws ProblemException {
        asking(() -> jdbc.sql("INSERT INTO elevation (id, holder, terms, change, approval, requested)"
                        + " VALUES (?,?,?::jsonb,?,?,?)")
                .params(
                        elevation.id(),
                        elevation.holder(),
                        elevation.terms().json().toString(),
                        elevation.change(),
                        elevation.approval(),
                        Timestamp.from(elevation.requested()))
                .update());
    }

    public Optional<Elevation> find(String id) throws ProblemException {
        return asking(() -> jdbc.sql(SELECT + "WHERE id = ?")
                .param(id)
                .query((row, n) -> elevation(row))
                .optional());
    }

    /** The latest, newest first. */
    public List<Elevation> latest() throws ProblemException {
        return asking(() -> jdbc.sql(SELECT + "ORDER BY id DESC LIMIT ?")
                .param(LISTED)
                .query((row, n) -> elevation(row))
                .list());
    }

    /** What the table says stands; whether it does is for {@link StandingElevations} to say. */
    List<Elevation> standing(Instant now) throws ProblemException {
        return asking(() -> jdbc.sql(SELECT + "WHERE began IS NOT NULL AND ended IS NULL AND until > ?")
                .param(Timestamp.from(now))
                .query((row, n) -> elevation(row))
                .list());
    }

    /** Lets it begin, once. */
    public void begin(String id, Grant grant, @Nullable Instant reviewDue) throws ProblemException {
        once(() -> jdbc.sql(
                        "UPDATE elevation SET began = ?, until = ?, intent = ?, review_due = ? WHERE id = ? AND began IS NULL")
                .params(Arrays.asList(
                        Timestamp.from(grant.began()),
                        Timestamp.from(grant.until()),
                        grant.intent(),
                        time(reviewDue),
                        id))
                .update());
    }

    /** Ends it before its time, once. */
    public void end(String id, String by, Instant at) throws ProblemException {
        once(() -> jdbc.sql("UPDATE elevation SET ended = ?, ended_by = ? WHERE id = ? AND began IS NOT NULL"
                        + " AND ended IS NULL AND until > ?")
                .params(Timestamp.from(at), by, id, Timestamp.from(at))
                .update());
    }

    /** Keeps the one review. */
    public void review(String id, Review review) throws ProblemException {
        once(() -> jdbc.sql("UPDATE elevation SET reviewer = ?, verdict = ?, review = ?, reviewed = ? WHERE id = ?"
                        + " AND review_due IS NOT NULL AND reviewed IS NULL")
                .params(review.reviewer(), review.verdict(), review.text(), Timestamp.from(review.at()), id)
                .update());
    }

    private static void once(Question<Integer> change) throws ProblemException {
        if (asking(change) != 1) {
            throw new ProblemException(
                    Problem.CONFLICT, "the elevation is not in a state for this, or changed meanwhile");
        }
    }

    /** Tells of broken glasses that nobody told of yet. */
    void notice(Instant now, Telling telling) throws ProblemException {
        tell("review_due IS NOT NULL AND began <= ? AND NOT noticed", now, "noticed", telling);
    }

    /** Tells of broken glasses whose review is overdue, once. */
    void overdue(Instant now, Telling telling) throws ProblemException {
        tell("review_due <= ? AND reviewed IS NULL AND NOT overdue", now, "overdue", telling);
    }

    /** One at a time under its row's lock; a row that another broker has in hand is left to it. */
    private void tell(String which, Instant now, String mark, Telling telling) throws ProblemException {
        boolean more = true;
        while (more) {
            more = asking(() -> Boolean.TRUE.equals(transaction.execute(status -> {
                Optional<Elevation> next = jdbc.sql(
                                SELECT + "WHERE " + which + " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
                        .param(Timestamp.from(now))
                        .query((row, n) -> elevation(row))
                        .optional();
                if (next.isEmpty()) {
                    return false;
                }
                try {
                    telling.tell(next.get());
                } catch (ProblemException e) {
                    status.setRollbackOnly();
                    return false;
                }
                jdbc.sql("UPDATE elevation SET " + mark + " = true WHERE id = ?")
                        .param(next.get().id())
                        .update();
                return true;
            })));
        }
    }

    private static Elevation elevation(ResultSet row) throws SQLException {
        Instant began = instant(row, "began");
        Instant until = instant(row, "until");
        String intent = row.getString("intent");
        Instant reviewed = instant(row, "reviewed");
        return new Elevation(
                row.getString("id"),
                row.getString("holder"),
                Terms.of(row.getString("terms")),
                row.getString("change"),
                row.getString("approval"),
                row.getTimestamp("requested").toInstant(),
                began == null || until == null || intent == null ? null : new Grant(began, until, intent),
                instant(row, "ended"),
                instant(row, "review_due"),
                reviewed == null
                        ? null
                        : new Review(
                                row.getString("reviewer"),
                                row.getString("verdict"),
                                row.getString("review"),
                                reviewed));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Timestamp time(@Nullable Instant at) {
        return at == null ? null : Timestamp.from(at);
    }
}
