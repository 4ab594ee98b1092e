package dev.keyproof.broker.notice;

import static dev.keyproof.broker.database.Database.asking;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.approval.Outbox;
import dev.keyproof.broker.problem.ProblemException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The outbox. What is in it is delivered at least once: a broker that dies while it tells something lets go of the row untold. */
public final class NoticeStore implements Outbox {
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final List<String> channels;
    private final Clock clock;

    /** @param channels by which everything is to be told */
    public NoticeStore(JdbcClient jdbc, TransactionTemplate transaction, List<String> channels, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.channels = channels;
        this.clock = clock;
    }

    @Override
    public boolean note(String approval, What what, int level) throws ProblemException {
        return asking(() -> Boolean.TRUE.equals(transaction.execute(status -> {
            String id = UlidCreator.getUlid().toString();
            Timestamp now = Timestamp.from(clock.instant());
            int entered = jdbc.sql("INSERT INTO notice (id, approval, what, level, created) VALUES (?,?,?,?,?)"
                            + " ON CONFLICT (approval, what, level) DO NOTHING")
                    .params(id, approval, what.name().toLowerCase(Locale.ROOT), level, now)
                    .update();
            if (entered == 1) {
                for (String channel : channels) {
                    jdbc.sql("INSERT INTO notice_delivery (notice, channel, attempts, due) VALUES (?,?,0,?)")
                            .params(id, channel, now)
                            .update();
                }
            }
            return entered == 1;
        })));
    }

    @Override
    public boolean noted(String approval, What what) throws ProblemException {
        return asking(() -> jdbc.sql("SELECT count(*) FROM notice WHERE approval = ? AND what = ?")
                        .params(approval, what.name().toLowerCase(Locale.ROOT))
                        .query(Long.class)
                        .single())
                > 0;
    }

    /** What is done with a notice whose row is held. */
    @FunctionalInterface
    interface Work {
        /** When to try again; nothing if that is not needed. */
        Optional<Duration> perform(Notice notice) throws ProblemException;
    }

    /** Takes what is due by a way, while no other broker does; whether there was anything. */
    boolean takeOne(String channel, Work work) throws ProblemException {
        return asking(() -> {
            Taken taken = new Taken(work);
            transaction.executeWithoutResult(status -> take(channel, taken));
            if (taken.problem != null) {
                throw taken.problem;
            }
            return taken.any;
        });
    }

    private static final class Taken {
        private final Work work;
        private boolean any;
        private @Nullable ProblemException problem;

        Taken(Work work) {
            this.work = work;
        }
    }

    private void take(String channel, Taken taken) {
        Instant now = clock.instant();
        Optional<Notice> found = jdbc.sql("SELECT n.id, n.approval, n.what, n.level, d.attempts, n.created"
                        + " FROM notice_delivery d JOIN notice n ON n.id = d.notice WHERE d.channel = ? AND d.due <= ?"
                        + " ORDER BY d.due, n.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED")
                .params(channel, Timestamp.from(now))
                .query((row, n) -> new Notice(
                        row.getString(1),
                        row.getString(2),
                        What.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                        row.getInt(4),
                        row.getInt(5),
                        row.getTimestamp(6).toInstant()))
                .optional();
        if (found.isEmpty()) {
            return;
        }
        taken.any = true;
        String id = found.get().id();
        try {
            Optional<Duration> again = taken.work.perform(found.get());
            if (again.isPresent()) {
                jdbc.sql("UPDATE notice_delivery SET attempts = attempts + 1, due = ? WHERE notice = ? AND channel = ?")
                        .params(Timestamp.from(clock.instant().plus(again.get())), id, channel)
                        .update();
            } else {
                jdbc.sql("DELETE FROM notice_delivery WHERE notice = ? AND channel = ?")
                        .params(id, channel)
                        .update();
            }
        } catch (ProblemException e) {
            taken.problem = e;
        }
    }
}
